import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { undeclaredBreaks } from "../../../toolchain/lint/api-changes";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hma-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** What is said of a service's document of now, changed, against itself as it is. */
async function breaksOf(change: (document: Record<string, any>) => void) {
  const [released, current] = [join(folder, "released.json"), join(folder, "current.json")];
  const text = await readFile("docs/openapi/ml-server.json", "utf8");
  const document = JSON.parse(text) as Record<string, any>;
  change(document);
  await writeFile(released, text);
  await writeFile(current, JSON.stringify(document));
  return undeclaredBreaks(released, current);
}

const loseField = (document: Record<string, any>) => {
  const { properties, required } = document["components"].schemas.Prediction;
  delete properties.confidence;
  document["components"].schemas.Prediction.required = required.filter((name: string) => name !== "confidence");
};

it("says nothing of what no client notices", async () => {
  expect(await breaksOf(() => undefined)).toEqual([]);
  expect(await breaksOf((document) => (document["components"].schemas.Prediction.properties.note = { type: "string" }))).toEqual([]);
});

it.each<[string, RegExp, (document: Record<string, any>) => void]>([
  ["a field of an answer that is gone", /confidence/, loseField],
  ["an operation that is gone", /removed/, (document) => delete document["paths"]["/models"]],
  ["a field that has to be sent", /required/, (document) => {
    document["paths"]["/predict"].post.requestBody.content["application/json"].schema.required.push("version");
  }],
  ["a bound that is lower", /maxLength/, (document) => {
    document["paths"]["/predict"].post.requestBody.content["application/json"].schema.properties.model.maxLength = 10;
  }],
])("names %s, and where, unless the major version is another", async (_what, text, change) => {
  const breaks = await breaksOf(change);
  expect(breaks.map(({ what }) => what).join()).toMatch(text);
  expect(breaks[0]!.where).toMatch(/current\.json: (GET|POST) \//);
  const raised = await breaksOf((document) => {
    change(document);
    document["info"].version = "99.0.0";
  });
  expect(raised).toEqual([]);
});
