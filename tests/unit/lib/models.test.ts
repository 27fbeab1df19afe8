import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readModels } from "../../../lib/models";
import { projectRoot } from "../../support/stack-files";

let folder: string;
const version = (name: string) => join(folder, "call-type", name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hma-models-"));
  cpSync(join(projectRoot, "models/call-type/1.0.0"), version("1.0.0"), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("shipped models", () => {
  it("are read in their order, and have keys in the bucket that tell them apart", () => {
    for (const name of ["1.10.0", "1.9.0"]) {
      cpSync(version("1.0.0"), version(name), { recursive: true });
      const card = join(version(name), "card.json");
      writeFileSync(card, readFileSync(card, "utf8").replace('"version": "1.0.0"', `"version": "${name}"`));
    }
    expect(readModels(folder).map(({ card, objectKey }) => [card.name, card.version, objectKey])).toEqual([
      ["call-type", "1.0.0", "call-type/1.0.0/model.onnx"],
      ["call-type", "1.9.0", "call-type/1.9.0/model.onnx"],
      ["call-type", "1.10.0", "call-type/1.10.0/model.onnx"],
    ]);
  });

  it("are refused all at once where their files are missing, changed, or another version's", () => {
    cpSync(version("1.0.0"), version("1.1.0"), { recursive: true });
    cpSync(version("1.0.0"), version("1.2.0"), { recursive: true });
    renameSync(join(version("1.2.0"), "card.json"), join(version("1.2.0"), "kard.json"));
    writeFileSync(join(version("1.0.0"), "model.onnx"), "weights of somebody else");
    const message = new RegExp(
      "1.0.0: model.onnx has another sha256 than card.json says[^]*" +
        "1.1.0: says of itself call-type 1.0.0[^]*1.2.0: has no card.json",
    );
    expect(() => readModels(folder)).toThrow(message);
  });
});
