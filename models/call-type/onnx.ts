import { join } from "node:path";
import { loadSync } from "protobufjs";
import type { Classifier } from "./classifier";

const ModelProto = loadSync(join(__dirname, "onnx.proto")).lookupType("onnx.ModelProto");

/** Version of the file format, and of the set of operators: what ONNX Runtime has read since 2022. */
const [irVersion, opset] = [8, 17];
const [float, int] = [1, 2];

/** The classifier as an ONNX model: `features` [n, features] of float32 in, `probabilities` [n, labels] out. */
export function toOnnx(name: string, { weights, biases }: Classifier): Buffer {
  const [labels, size] = [weights.length, weights[0]!.length];
  const tensor = (name: string, dims: number[], floatData: number[]) => ({ name, dims, dataType: float, floatData });
  const attribute = (name: string, i: number) => ({ name, type: int, i });
  const value = (name: string, width: number) => ({
    name,
    type: { tensorType: { elemType: float, shape: { dim: [{ dimParam: "n" }, { dimValue: width }] } } },
  });
  const model = {
    irVersion,
    opsetImport: [{ version: opset }],
    producerName: "hma-infra",
    graph: {
      name,
      input: [value("features", size)],
      output: [value("probabilities", labels)],
      initializer: [
        tensor("weights", [labels, size], weights.flatMap((row) => Array.from(row))),
        tensor("biases", [labels], Array.from(biases)),
      ],
      node: [
        {
          opType: "Gemm",
          input: ["features", "weights", "biases"],
          output: ["scores"],
          attribute: [attribute("transB", 1)],
        },
        { opType: "Softmax", input: ["scores"], output: ["probabilities"], attribute: [attribute("axis", 1)] },
      ],
    },
  };
  return Buffer.from(ModelProto.encode(ModelProto.fromObject(model)).finish());
}
