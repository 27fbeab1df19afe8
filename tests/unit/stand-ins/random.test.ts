import { describe, expect, it } from "vitest";
import { check } from "../../../provider/frame/check";
import type { Context, ResourceType, Values } from "../../../provider/frame/types";
import { bytes, id } from "../../../toolchain/plugins/random/bytes";
import { password, string } from "../../../toolchain/plugins/random/text";

const context = {} as Context<undefined>;

/** Creates as the frame does: checked, with defaults. */
async function create(type: ResourceType<undefined>, program: Values) {
  const { inputs, failures } = check(type.properties, program);
  expect([...failures, ...(await type.check!(inputs, context))]).toEqual([]);
  return type.create(inputs, context);
}

async function refusals(type: ResourceType<undefined>, program: Values) {
  const { inputs } = check(type.properties, program);
  return (await type.check!(inputs, context)).map(({ property }) => property);
}

describe("texts", () => {
  it.each([
    [{ length: 1 }, /^.$/],
    [{ length: 64 }, /^[A-Za-z0-9!@#$%&*()\-_=+[\]{}<>:?]{64}$/],
    [{ length: 40, special: false }, /^[A-Za-z0-9]{40}$/],
    [{ length: 40, special: false, numeric: false, upper: false }, /^[a-z]{40}$/],
    [{ length: 40, number: false, special: false, upper: false, lower: true }, /^[a-z]{40}$/],
    [{ length: 40, lower: false, upper: false, numeric: false, overrideSpecial: "äß" }, /^[äß]{40}$/],
    [{ length: 8, minLower: 2, minUpper: 2, minNumeric: 2, minSpecial: 2 }, /^.{8}$/],
  ])("follow %j", async (program, pattern) => {
    const { state } = await create(string, program);
    expect(state["result"]).toMatch(pattern);
  });

  it("hold what is demanded of each class, in every place", async () => {
    const program = { length: 6, minLower: 1, minUpper: 1, minNumeric: 1, minSpecial: 1 };
    const firsts = new Set<string>();
    for (let run = 0; run < 200; run++) {
      const result = (await create(password, program)).state["result"] as string;
      for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]) expect(result).toMatch(kind);
      firsts.add(/[a-z]/.test(result[0]!) ? "lower" : /[A-Z]/.test(result[0]!) ? "upper" : "other");
    }
    expect(firsts.size).toBe(3);
  });

  it("never repeat", async () => {
    const results = await Promise.all(Array.from({ length: 100 }, () => create(password, { length: 20 })));
    expect(new Set(results.map(({ state }) => state["result"])).size).toBe(100);
  });

  it.each([
    [{ length: 0 }, ["length"]],
    [{ length: 1.5, minLower: -1 }, ["length", "minLower"]],
    [{ length: 3, minLower: 2, minUpper: 2 }, ["length"]],
    [{ length: 3, lower: false, upper: false, special: false, numeric: false }, [""]],
  ])("refuse %j", async (program, expected) => {
    expect(await refusals(password, program as Values)).toEqual(expected);
  });

  it("are imported by their text, of which a password's identifier tells nothing", async () => {
    const secret = await password.read("pass", {}, context);
    expect(secret).toMatchObject({ id: "none", state: { result: "pass", length: 4, lower: true } });
    expect(await string.read("text", {}, context)).toMatchObject({ id: "text", state: { result: "text" } });
  });

  it("say both names of digits", async () => {
    const { state } = await create(string, { length: 3, numeric: false });
    expect(state).toMatchObject({ number: false, numeric: false });
  });
});

describe("bytes", () => {
  it("are one value in every form", async () => {
    const made = await create(id, { byteLength: 8, prefix: "p-" });
    const { state } = made;
    const value = Buffer.from(made.id, "base64url");
    expect(value).toHaveLength(8);
    expect(state).toMatchObject({
      b64Url: `p-${made.id}`,
      b64Std: `p-${value.toString("base64")}`,
      hex: `p-${value.toString("hex")}`,
      dec: `p-${value.readBigUInt64BE()}`,
    });
    expect(await id.read(`p-,${made.id}`, {}, context)).toEqual(made);
  });

  it("that are secret do not show in the identifier", async () => {
    const { id: identifier, state } = await create(bytes, { length: 32 });
    expect(Buffer.from(state["base64"] as string, "base64").toString("hex")).toBe(state["hex"]);
    expect([state["base64"], state["hex"]]).not.toContain(identifier);
  });

  it("need a length", async () => {
    expect(await refusals(bytes, { length: 0 })).toEqual(["length"]);
    expect(await refusals(id, { byteLength: 0.5 })).toEqual(["byteLength"]);
  });
});
