import { describe, expect, it } from "vitest";
import { parseOptions, splitArguments } from "../../../toolchain/language-nodejs/options";

describe("runtime options", () => {
  it("have the official defaults", () => {
    expect(parseOptions({})).toEqual({ typescript: true, nodeargs: [] });
  });

  it("are taken from Pulumi.yaml", () => {
    const options = parseOptions({ typescript: false, nodeargs: "--require=tsx/cjs", packagemanager: "npm" });
    expect(options).toEqual({ typescript: false, nodeargs: ["--require=tsx/cjs"] });
  });

  it("are refused with every mistake", () => {
    const wrong = { typescript: "no", tsconfig: 1, nodeargs: 2 };
    expect(() => parseOptions(wrong)).toThrow(/typescript.*tsconfig.*nodeargs/);
  });

  it.each([
    ["", []],
    ["  --a   -b ", ["--a", "-b"]],
    [`--title="two words" 'it is one' --x='a "b"'`, ["--title=two words", "it is one", `--x=a "b"`]],
  ])("split %j", (line, words) => {
    expect(splitArguments(line)).toEqual(words);
  });
});
