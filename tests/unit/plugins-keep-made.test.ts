import { describe, expect, it } from "vitest";
import type { Context, ResourceType } from "../../provider/frame/types";
import { keepMade } from "../../toolchain/plugins/keep-made";

function type(deleted: string[]): ResourceType<object> {
  return {
    properties: {},
    create: async (inputs) => ({ id: String(inputs["name"]), state: inputs }),
    read: async (id, state) => ({ id, state }),
    delete: async ({ id }) => void deleted.push(id),
  };
}

describe("keepMade", () => {
  it("does not delete in one run what it has made in it", async () => {
    const deleted: string[] = [];
    const { thing } = keepMade<object>({ thing: type(deleted) });
    const context = (client: object) => ({ client }) as Context<object>;
    const [run, nextRun] = [context({}), context({})];
    const made = await thing!.create({ name: "a" }, run);
    await thing!.delete(made, run);
    await thing!.delete({ id: "b", state: {} }, run);
    expect(deleted).toEqual(["b"]);
    await thing!.delete(made, nextRun);
    expect(deleted).toEqual(["b", "a"]);
  });
});
