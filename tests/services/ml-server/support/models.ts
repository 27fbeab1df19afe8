import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { Client as Minio } from "minio";
import { inject } from "vitest";
import { readModels, type ModelCard } from "../../../../lib/models";
import type { Classifier } from "../../../../models/call-type/classifier";
import { toOnnx } from "../../../../models/call-type/onnx";
import { probabilities } from "../../../../models/call-type/classifier";
import { asSuperuser } from "../../support/platform";

export const [shipped] = readModels("models") as [ReturnType<typeof readModels>[number]];
export const shippedWeights = readFileSync(shipped.file);

/** A name that no other test file uses. */
export const newModelName = () => `call-type-${randomUUID()}`;

export interface Published {
  name: string;
  version: string;
  card: Pick<ModelCard, "labels" | "features" | "deciles" | "example">;
  weights: Buffer;
}

/** The model that the project ships, under another name. */
export const asShipped = (name: string, version = "1.0.0"): Published => {
  const { labels, features, deciles, example } = shipped.card;
  return { name, version, card: { labels, features, deciles, example }, weights: shippedWeights };
};

/** A version that is always sure of one label. */
export function certainOf(name: string, version: string, label: string): Published {
  const published = asShipped(name, version);
  const { labels, features, example } = published.card;
  const classifier: Classifier = {
    weights: labels.map(() => new Float64Array(features.length)),
    biases: labels.map((one) => (one === label ? 50 : 0)),
  };
  const answer = probabilities(classifier, example.input.features);
  return {
    ...published,
    card: { ...published.card, example: { ...example, probabilities: answer } },
    weights: toOnnx(name, classifier),
  };
}

/** The same model with a word of documentation: it answers the same, and has another digest. */
export const altered = (weights: Buffer) => Buffer.concat([weights, Buffer.from([0x32, 1, 0x78])]);

/** Puts a version into the bucket and the registry, as a deployment does. @returns its id */
export async function publish(
  { name, version, card, weights }: Published,
  { status = "registered", canaryPercent = 0, stored = weights }: { status?: string; canaryPercent?: number; stored?: Buffer } = {},
): Promise<string> {
  const objectKey = `${name}/${version}/model.onnx`;
  await store(objectKey, stored);
  return asSuperuser(async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO ml_infrastructure.model_registry (name, version, framework, object_key, sha256, card, status, canary_percent)
       VALUES ($1, $2, 'onnx', $3, $4, $5, $6, $7) RETURNING id`,
      [name, version, objectKey, createHash("sha256").update(weights).digest(), card, status, canaryPercent],
    );
    return rows[0]!.id;
  });
}

export async function store(objectKey: string, content: Buffer): Promise<void> {
  const { ca, objectStore } = inject("stores");
  const { port } = new URL(objectStore.endpoint);
  const transportAgent = new Agent({ ca });
  const client = new Minio({
    ...{ endPoint: "localhost", port: Number(port), region: "us-east-1", transportAgent },
    ...{ accessKey: objectStore.accessKey, secretKey: objectStore.secretKey },
  });
  await client.putObject("huntmaster-models", objectKey, content);
  transportAgent.destroy();
}
