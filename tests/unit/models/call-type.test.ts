import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readModels } from "../../../lib/models";
import { calls } from "../../../models/call-type/calls";
import { probabilities } from "../../../models/call-type/classifier";
import { heldOutExamples, release, version, type Release } from "../../../models/call-type/release";
import { projectRoot } from "../../support/stack-files";

let trained: Release;
const shipped = () => readModels(join(projectRoot, "models")).find(({ card }) => card.version === version)!;

// Some seconds of processor time, on a machine that may be doing other things.
beforeAll(() => void (trained = release()), 120_000);

describe("the model call-type", () => {
  it("comes out of training byte for byte as it was released", () => {
    expect(trained.card).toEqual(shipped().card);
    expect(trained.weights.equals(readFileSync(shipped().file))).toBe(true);
  });

  it("is as good as its card says on clips that it was not trained on, and far better than guessing", () => {
    const examples = heldOutExamples();
    const right = examples.filter(({ features, label }) => {
      const sure = probabilities(trained.classifier, features);
      return sure.indexOf(Math.max(...sure)) === label;
    });
    const { accuracy, recall } = shipped().card.measured;
    expect(right.length / examples.length).toBeCloseTo(accuracy, 3);
    expect(accuracy).toBeGreaterThan(0.9);
    expect(Math.min(...recall)).toBeGreaterThan(0.8);
  });

  it("has an example of a call that it knows, and names for all that goes in and comes out", () => {
    const { example, labels, features, deciles } = shipped().card;
    expect(labels).toEqual(calls.map(({ label }) => label));
    expect([example.input.features.length, deciles.length]).toEqual([features.length, features.length]);
    expect(Math.max(...example.probabilities)).toBeGreaterThan(0.5);
    expect(example.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });
});
