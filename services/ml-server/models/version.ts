/** One version of a model, as the registry has it. */
export interface ModelVersion {
  id: string;
  name: string;
  version: string;
  status: "registered" | "active" | "retired";
  /** Share of people whom it answers in place of the active version, in percent. */
  canaryPercent: number;
  /** Key of the weights in the bucket. */
  objectKey: string;
  /** Digest of the weights, in hex. */
  sha256: string;
  card: Card;
}

/** What of a model's card the server needs: lib/models.ts tells more. A version registered by hand may lack all. */
export interface Card {
  purpose: string;
  labels: string[];
  features: string[];
  deciles: number[][];
  example: { input: { features: number[] }; probabilities: number[] };
}

