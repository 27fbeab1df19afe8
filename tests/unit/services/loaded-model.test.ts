import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readModels } from "../../../lib/models";
import type { Inference } from "../../../services/ml-server/models/inference";
import { LoadedModel } from "../../../services/ml-server/models/loaded-model";
import type { ModelVersion } from "../../../services/ml-server/models/version";

const [shipped] = readModels("models") as [ReturnType<typeof readModels>[number]];
const weights = readFileSync(shipped.file);
const sha256 = createHash("sha256").update(weights).digest("hex");
const version = { sha256, card: shipped.card } as unknown as ModelVersion;

/** Loads the shipped model where its example takes so long. @returns which sessions were forgotten */
async function loadedIn(ms: number) {
  const forgotten: number[] = [];
  const inference = {
    load: async () => 7,
    ask: async () => ({ probabilities: shipped.card.example.probabilities, ms }),
    forget: async (session: number) => void forgotten.push(session),
  };
  const failure = await LoadedModel.load(version, weights, inference as unknown as Inference).then(() => "", String);
  return { failure, forgotten };
}

it("a model that needs more than 50 ms for its example is not served, since others would wait for it", async () => {
  expect(await loadedIn(50)).toEqual({ failure: "", forgotten: [] });
  expect(await loadedIn(51)).toEqual({
    failure: expect.stringContaining("its example took 51 ms, more than 50 ms") as string,
    forgotten: [7],
  });
});
