import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UserError, type Mistake } from "./errors";

/** What is to be known of a version of a model, to serve it and to judge it. */
export interface ModelCard {
  /** What the model is for; the same for all its versions. */
  name: string;
  /** Semantic version of the weights. */
  version: string;
  purpose: string;
  /** What runs it. */
  framework: "onnx";
  /** Digest of the weights, in hex. */
  sha256: string;
  /** What it answers, in the order of its output. */
  labels: string[];
  /** What it is given, in the order of its input. */
  features: string[];
  /** Of each feature, the nine values between which a tenth of its training data lies each. */
  deciles: number[][];
  /** An input, and how sure training's own code was of each label: a server must come to the same. */
  example: { input: { features: number[] }; probabilities: number[] };
  training: { method: string; data: string; limits: string };
  /** On data that it was not trained on: shares of 1, over all, and of each label. */
  measured: { dataset: string; accuracy: number; recall: number[] };
}

/** A version of a model that this project ships. */
export interface ShippedModel {
  card: ModelCard;
  /** Key of its weights in bucket huntmaster-models. */
  objectKey: string;
  /** File with its weights, relative to the project. */
  file: string;
}

export const weightsFile = "model.onnx";
export const cardFile = "card.json";

/**
 * All versions in `<folder>/<model>/<version>/`, in their order: 1.9.0 before 1.10.0.
 *
 * @throws UserError with every version whose files are missing, or do not go together
 */
export function readModels(folder: string): ShippedModel[] {
  const mistakes: Mistake[] = [];
  const found = foldersIn(folder).flatMap((name) =>
    foldersIn(join(folder, name)).map((version) => read(folder, name, version, mistakes)),
  );
  if (mistakes.length > 0) throw new UserError("Models that cannot be published:", mistakes);
  return found as ShippedModel[];
}

const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));

function read(folder: string, name: string, version: string, mistakes: Mistake[]): ShippedModel | undefined {
  const place = `${folder}/${name}/${version}`;
  const wrong = (what: string) => {
    mistakes.push({ where: place, what, mend: "put its files back as they were released (git checkout), or make model" });
    return undefined;
  };
  const missing = [weightsFile, cardFile].filter((file) => !existsSync(join(place, file)));
  if (missing.length > 0) return wrong(`has no ${missing.join(", and no ")}`);
  const card = JSON.parse(readFileSync(join(place, cardFile), "utf8")) as ModelCard;
  if (card.name !== name || card.version !== version) return wrong(`says of itself ${card.name} ${card.version}`);
  const digest = createHash("sha256").update(readFileSync(join(place, weightsFile))).digest("hex");
  if (digest !== card.sha256) return wrong(`${weightsFile} has another sha256 than ${cardFile} says`);
  return { card, objectKey: `${name}/${version}/${weightsFile}`, file: `${place}/${weightsFile}` };
}
