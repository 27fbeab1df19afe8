import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadSync } from "protobufjs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readModels } from "../../../lib/models";
import { Inference } from "../../../services/ml-server/models/inference";
import { run } from "../../../toolchain/bootstrap/commands";
import { project } from "../../../toolchain/bootstrap/places";

const [shipped] = readModels("models") as [ReturnType<typeof readModels>[number]];
const { example } = shipped.card;
const features = Float32Array.from(example.input.features);

let inference: Inference;
beforeEach(() => {
  inference = new Inference();
});
afterEach(() => inference.close());

/** Multiplies matrices that it makes of the features, again and again: some tenths of a second. */
function slowModel(): Buffer {
  const float = 1;
  const value = (name: string, ...dims: number[]) => ({
    name,
    type: { tensorType: { elemType: float, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
  });
  const steps = Array.from({ length: 2000 }, (_, i) => ({
    opType: "MatMul",
    input: [i === 0 ? "square" : `x${i}`, "square"],
    output: [i === 1999 ? "probabilities" : `x${i + 1}`],
  }));
  const model = {
    ...{ irVersion: 8, opsetImport: [{ version: 17 }] },
    graph: {
      name: "slow",
      ...{ input: [value("features", 1, 128)], output: [value("probabilities", 128, 128)] },
      node: [
        { opType: "Transpose", input: ["features"], output: ["column"] },
        { opType: "MatMul", input: ["column", "features"], output: ["square"] },
        ...steps,
      ],
    },
  };
  const type = loadSync(join(__dirname, "../../../models/call-type/onnx.proto")).lookupType("onnx.ModelProto");
  return Buffer.from(type.encode(type.fromObject(model)).finish());
}

it("answers as training did", async () => {
  const session = await inference.load(readFileSync(shipped.file));
  const { probabilities } = await inference.ask(session, features);
  for (const [i, probability] of probabilities.entries()) expect(probability).toBeCloseTo(example.probabilities[i]!, 5);
});

it("keeps nobody else waiting while a model thinks", async () => {
  const session = await inference.load(slowModel());
  let others = 0;
  const timer = setInterval(() => others++, 1);
  await inference.ask(session, features);
  clearInterval(timer);
  // On the event loop it would be none.
  expect(others).toBeGreaterThan(5);
});

it("tells what is wrong with a model", async () => {
  await expect(inference.load(Buffer.from("no model"))).rejects.toThrow(/protobuf|model/i);
});

it("answers what was asked before it forgets a model, and nothing after", async () => {
  const session = await inference.load(readFileSync(shipped.file));
  const asked = Array.from({ length: 20 }, () => inference.ask(session, features));
  const forgotten = inference.forget(session);
  const late = inference.ask(session, features);
  await expect(Promise.all(asked)).resolves.toHaveLength(20);
  await forgotten;
  await expect(late).rejects.toThrow();
});

it("answers what was asked before it is closed", async () => {
  const session = await inference.load(slowModel());
  const asked = inference.ask(session, features);
  await inference.close();
  expect((await asked).probabilities.length).toBeGreaterThan(0);
});

it("can be closed while it loads what runs models", async () => {
  const script = `new (require("./services/ml-server/models/inference").Inference)().close()`;
  await run("node", ["--require", "./runtime/compile.cjs", "--eval", script], { cwd: project });
});
