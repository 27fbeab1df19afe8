import { describe, expect, it } from "vitest";
import { Engine } from "../../../provider/frame/engine";
import { InitialisationFailed } from "../../../provider/frame/errors";
import { Operations } from "../../../provider/frame/operations";
import { PartialFailure, UNKNOWN } from "../../../provider/frame/types";
import type { ResourceType, Values } from "../../../provider/frame/types";
import { fullInputs, fullState, sampleProvider, urn } from "./samples";

const plain = (values: Values) => ({ values, marks: undefined });
const operations = (overrides: Partial<ResourceType<Values>> = {}) =>
  new Operations(sampleProvider(overrides), new Engine(""));
const old = { id: "id-1", state: plain(fullState) };

describe("secrets", () => {
  const inputs = {
    values: { ...fullInputs, labels: { team: "canary-team" } },
    marks: { labels: { team: true } } as const,
  };

  it("are marked again in what create and update store", async () => {
    const expected = { labels: { team: true }, password: true, token: true };
    expect((await operations().create({ urn }, inputs)).state.marks).toEqual(expected);
    expect((await operations().update({ urn }, old, inputs)).state.marks).toEqual(expected);
  });

  it("stay marked after a refresh", async () => {
    const state = { values: fullState, marks: { labels: { team: true } } as const };
    const found = await operations().read({ urn }, { id: "id-1", state }, plain(fullInputs));
    expect(found!.state.marks).toEqual({ labels: { team: true }, password: true, token: true });
    expect(found!.inputs.marks).toEqual({ password: true });
  });

  it("never stand in an error", async () => {
    const failing = operations({
      create: async (values) => {
        throw new Error(`no: ${JSON.stringify(values)}`, { cause: new Error(String(values["password"])) });
      },
    });
    const error = await failing.create({ urn }, inputs).catch((reason: Error) => reason);
    expect((error as Error).message).toContain("[secret]");
    expect((error as Error).message).not.toMatch(/canary-team|open sesame/);
  });

  it("of the configuration never stand in an error", async () => {
    const failing = operations({
      read: async (_id, _state, { client }) => {
        throw new Error(`login with ${String(client["password"])} failed`);
      },
    });
    await failing.configure(plain({ port: "5432", password: "canary-config" }));
    await expect(failing.read({ urn }, old, undefined)).rejects.toThrow("login with [secret] failed");
  });

  it("are shown in a diff no deeper than their mark", async () => {
    const news = { values: { ...fullInputs, limits: { memory: 1, cpus: 2 } }, marks: { limits: true } as const };
    const { changes } = await operations().diff({ urn }, old, news, plain(fullInputs), []);
    expect(changes.map(({ path, kind }) => ({ path, kind }))).toEqual([{ path: "limits", kind: "update" }]);
  });
});

describe("previews", () => {
  it("of a create know the inputs only, and create nothing", async () => {
    const create = async () => {
      throw new Error("must not be asked");
    };
    const { id, state } = await operations({ create }).create({ urn, preview: true }, plain({ name: "a" }));
    expect(id).toBe("");
    expect(state.values).toEqual({ name: "a", hostname: UNKNOWN, address: UNKNOWN, token: UNKNOWN });
  });

  it("of an update keep what is computed", async () => {
    const update = async () => {
      throw new Error("must not be asked");
    };
    const { state } = await operations({ update }).update({ urn, preview: true }, old, plain({ name: "a", size: 3 }));
    expect(state.values).toMatchObject({ size: 3, hostname: "h", address: "10.0.0.1", token: "generated token" });
  });
});

describe("diffs", () => {
  it("replace when the type cannot update", async () => {
    const type = sampleProvider().resources["sample:index:Thing"]!;
    delete type.update;
    const provider = { ...sampleProvider(), resources: { "sample:index:Thing": type } };
    const news = plain({ ...fullInputs, size: 3 });
    const { changes } = await new Operations(provider, new Engine("")).diff({ urn }, old, news, news, []);
    expect(changes).toEqual([{ path: "size", kind: "update", replace: true }]);
  });

  it("leave out what the program ignores", async () => {
    const news = plain({ ...fullInputs, size: 3, labels: {} });
    const { changes } = await operations().diff({ urn }, old, news, news, ["size", "labels.team"]);
    expect(changes).toEqual([]);
  });

  it("add what the handler finds", async () => {
    const handler = operations({ diff: () => [{ path: "size", kind: "update" }] });
    const { changes } = await handler.diff({ urn }, old, plain(fullInputs), plain(fullInputs), []);
    expect(changes.map(({ path }) => path)).toEqual(["size"]);
  });
});

describe("reading", () => {
  it("gives the program's inputs back word for word where nothing drifted", async () => {
    const found = await operations().read({ urn }, old, plain(fullInputs));
    expect(found!.inputs.values).toEqual(fullInputs);
  });

  it("puts what drifted into the inputs, and keeps the bridge's notes", async () => {
    const read = async (id: string) => ({ id, state: { ...fullState, size: 9, __meta: null } });
    const found = await operations({ read }).read({ urn }, old, plain(fullInputs));
    expect(found!.inputs.values).toEqual({ ...fullInputs, size: 9 });
    expect(found!.state.values["__meta"]).toBe(fullState["__meta"]);
  });

  it("imports the inputs that a program would have to give", async () => {
    const read = async (id: string) => ({ id, state: { ...fullState, size: 1 } });
    const found = await operations({ read }).read({ urn }, { id: "id-1", state: plain({}) }, undefined);
    const { size: _default, hostname: _optional, ...expected } = fullInputs;
    expect(found!.inputs.values).toEqual({ ...expected, ports: [{ internal: 443 }, { internal: 80 }] });
  });

  it("tells of what is gone", async () => {
    expect(await operations({ read: async () => undefined }).read({ urn }, old, plain(fullInputs))).toBeUndefined();
  });
});

describe("create-only inputs", () => {
  it("outlive servers that do not give them back", async () => {
    const handlers = operations({
      create: async ({ seed: _, ...rest }) => ({ id: "id-1", state: rest }),
      read: async (id, { seed: _, ...rest }) => ({ id, state: rest }),
    });
    expect((await handlers.create({ urn }, plain(fullInputs))).state.values["seed"]).toBe("s");
    expect((await handlers.read({ urn }, old, plain(fullInputs)))!.state.values["seed"]).toBe("s");
    const { seed: _, ...inputs } = fullInputs;
    expect((await handlers.update({ urn }, old, plain(inputs))).state.values["seed"]).toBe("s");
  });
});

describe("failures", () => {
  it("half way keep the resource, with its secrets marked", async () => {
    const create = async (inputs: Values) => {
      throw new PartialFailure({ id: "id-1", state: inputs }, ["not healthy: open sesame"]);
    };
    const error = await operations({ create }).create({ urn }, plain(fullInputs)).catch((reason: Error) => reason);
    expect(error).toBeInstanceOf(InitialisationFailed);
    const failed = error as InitialisationFailed;
    expect(failed.id).toBe("id-1");
    expect(failed.reasons).toEqual(["not healthy: [secret]"]);
    expect(failed.state.marks).toEqual({ password: true });
  });

  it("name every mistake of the configuration", async () => {
    const configured = operations().configure(plain({ port: "many", bogus: "1" }));
    await expect(configured).rejects.toThrow(/port: must be of type number.*|bogus/s);
    await expect(operations().configure(plain({}))).rejects.toThrow("port: is required and missing");
  });

  it("name an unknown type", async () => {
    await expect(operations().check({ urn: urn.replace("Thing", "Other") }, plain({}))).rejects.toThrow(
      "provider sample has no resource type sample:index:Other. It has: sample:index:Thing",
    );
  });

  it("reach a handler's signal on cancel and on time-out", async () => {
    const update = (_old: unknown, _inputs: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise<never>((_, reject) => {
        const stop = () => reject(signal.reason as Error);
        if (signal.aborted) stop();
        signal.addEventListener("abort", stop);
      });
    const cancelled = operations({ update });
    cancelled.cancel();
    await expect(cancelled.update({ urn }, old, plain(fullInputs))).rejects.toThrow("cancelled");
    const timed = operations({ update }).update({ urn, timeout: 0.01 }, old, plain(fullInputs));
    await expect(timed).rejects.toThrow("timeout");
  });
});
