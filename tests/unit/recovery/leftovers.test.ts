import { describe, expect, it } from "vitest";
import { orphansOf } from "../../../toolchain/recovery/leftovers";

const plugin = (pid: number, parent: number) => ({ pid, parent, command: "node /cache/plugins/pulumi-resource-docker 127.0.0.1:9" });

describe("plugins without an engine", () => {
  const processes = [
    { pid: 1, parent: 0, command: "/sbin/init" },
    { pid: 10, parent: 1, command: "/cache/bin/pulumi up --stack dev" },
    plugin(11, 10),
    { pid: 12, parent: 10, command: "node /cache/bin/pulumi-language-nodejs 127.0.0.1:9" },
    { pid: 13, parent: 12, command: "node --require=tsx/cjs /project/node_modules/@pulumi/pulumi/cmd/run --engine x" },
    plugin(20, 1),
    { pid: 21, parent: 1, command: "node /cache/bin/pulumi-language-nodejs 127.0.0.1:8" },
    { pid: 22, parent: 21, command: "node /project/node_modules/@pulumi/pulumi/cmd/run --engine y" },
    { pid: 23, parent: 1, command: "/home/ada/.pulumi/plugins/pulumi-resource-aws 127.0.0.1:7" },
    { pid: 24, parent: 1, command: "vim /project/toolchain/notes-on-pulumi" },
  ];

  it("are those whose line of parents has no pulumi, with the programs that they run", () => {
    expect(orphansOf(processes, ["/cache", "/project"]).map(({ pid }) => pid)).toEqual([20, 21, 22]);
  });

  it("are none where all have one", () => {
    expect(orphansOf(processes.slice(0, 5), ["/cache", "/project"])).toEqual([]);
  });
});
