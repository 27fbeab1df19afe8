import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drift, leastInputs } from "../../../services/ml-server/analytics/drift";
import { IdentitySigner } from "../../../services/shared/identity/signature";
import { newPerson } from "../support/people";
import { asSuperuser, serviceConfig } from "../support/platform";
import { MlServer } from "./support/ml-server";
import { asShipped, certainOf, newModelName, publish, shipped } from "./support/models";

const { features, deciles, example } = shipped.card;
const model = newModelName();
let ml: MlServer;
let id: string;

beforeAll(async () => {
  id = await publish(asShipped(model), { status: "active" });
  await publish(certainOf(model, "1.1.0", "elk bugle"));
  ml = await MlServer.start();
});
afterAll(() => ml?.close());

const analytics = (query = "", as = ml.admin) => ml.ask("GET", `/admin/analytics${query}`, undefined, as);
const ofModel = async (query = "") =>
  ((await analytics(query)).body["versions"] as Record<string, any>[]).filter((version) => version["model"] === model);

/** Inputs as training saw them: of each feature, all tenths alike, shifted by so many tenths. */
function inputsLike(count: number, shift = 0): number[][] {
  const value = (feature: number, tenth: number) => {
    const edges = deciles[feature]!;
    return tenth === 0 ? edges[0]! - 0.01 : edges[Math.min(8, tenth - 1)]!;
  };
  return Array.from({ length: count }, (_, i) =>
    features.map((_, feature) => value(feature, Math.min(9, ((i + feature) % 10) + shift))),
  );
}

describe("GET /admin/analytics", () => {
  it("tells volume and latency of each version that was asked, and no drift of few inputs", async () => {
    const people = [ml.user, await newPerson()];
    for (const person of people) await ml.predict(model, example.input.features, person);
    await ml.until(async () => (await ofModel())[0]?.["predictions"] === 2);
    const [version, ...others] = await ofModel();
    expect(others).toEqual([]);
    expect(version).toMatchObject({ version: "1.0.0", status: "active", canary_percent: 0, people: 2, drift: null });
    expect(version!["confidence"]).toBeCloseTo(Math.max(...example.probabilities), 6);
    const { p50, p95, p99 } = version!["latency_ms"] as Record<string, number>;
    expect(p50).toBeGreaterThan(0);
    expect([p50, p95, p99]).toEqual([p50!, p95!, p99!].sort((a, b) => a - b));
  });

  it("tells drift from what people asked, and forgets what is older than it was asked for", async () => {
    const insert = (inputs: number[][], age: string) =>
      asSuperuser((client) =>
        client.query(
          `INSERT INTO ml_infrastructure.predictions (user_id, model_id, input, output, embedding, duration_ms, created_at)
           SELECT $1, $2, '{}', '{}', input::text::extensions.vector, 7, now() - $4::interval
             FROM jsonb_array_elements($3::jsonb) AS input`,
          [ml.user.id, id, JSON.stringify(inputs), age],
        ),
      );
    await insert(inputsLike(leastInputs, 5), "30 hours");
    await insert(inputsLike(leastInputs), "3 hours");
    const [recent] = await ofModel();
    expect(recent!["drift"]["mean"]).toBeLessThan(0.1);
    const [all] = await ofModel("?hours=48");
    expect(all!["drift"]["inputs"]).toBeGreaterThan(2 * leastInputs - 1);
    expect(all!["drift"]["mean"]).toBeGreaterThan(0.25);
    expect(all!["drift"]["features"]).toHaveLength(5);
  });

  it("is for administrators alone, and for a week at most", async () => {
    expect(await analytics("", ml.user)).toMatchObject({ status: 403 });
    for (const query of ["?hours=0", "?hours=169", "?hours=x", "?days=1"]) {
      expect(await analytics(query)).toMatchObject({ status: 422, type: "application/problem+json" });
    }
  });
});

describe("drift", () => {
  const psi = (inputs: number[][]) => drift(features, deciles, inputs, features.length);

  it("is none where inputs are as training saw them, and large where they are not", () => {
    expect(psi(inputsLike(1000))!.mean).toBeLessThan(0.01);
    expect(psi(inputsLike(1000, 5))!.mean).toBeGreaterThan(1);
  });

  it("names the features that drifted", () => {
    const inputs = inputsLike(1000).map((input) => input.map((value, i) => (i === 7 ? value + 3 : value)));
    expect(psi(inputs)!.features[0]!.feature).toBe(features[7]);
  });

  it("is told of enough inputs alone", () => {
    expect([psi(inputsLike(leastInputs - 1)), psi(inputsLike(leastInputs))?.inputs]).toEqual([null, leastInputs]);
  });
});

describe("platform.record_predictions", () => {
  const row = () => [
    {
      ...{ id: crypto.randomUUID(), user_id: ml.user.id, model_id: id, created_at: new Date() },
      ...{ input: {}, output: {}, duration_ms: 1, cached: false },
    },
  ];
  const record = (rows: object, [expires, signature]: [number, string]) =>
    asSuperuser(async (client) => {
      await client.query("SET ROLE hma_app");
      const text = typeof rows === "string" ? rows : JSON.stringify(rows);
      const { rows: found } = await client.query<{ count: number }>(
        "SELECT platform.record_predictions($1, $2, $3)::integer AS count",
        [text, expires, signature],
      );
      return found[0]!.count;
    });
  const signer = new IdentitySigner(serviceConfig("ml_server", "huntmaster-models").identityKey);

  it("takes what a service signed, once, and leaves out people who are gone", async () => {
    const rows = [...row(), { ...row()[0], user_id: crypto.randomUUID() }];
    const signature = signer.predictions(JSON.stringify(rows));
    expect(await record(rows, signature)).toBe(1);
    expect(await record(rows, signature)).toBe(0);
  });

  it("takes nothing that is not signed, signed with another key, altered or expired", async () => {
    const rows = row();
    const [expires, signature] = signer.predictions(JSON.stringify(rows));
    const forged = new IdentitySigner("another key of the same length as ours").predictions(JSON.stringify(rows));
    expect(await record(rows, [expires, ""])).toBe(0);
    expect(await record(rows, forged)).toBe(0);
    expect(await record(row(), [expires, signature])).toBe(0);
    expect(await record(rows, [expires + 1, signature])).toBe(0);
    expect(await record(rows, [expires, signature])).toBe(1);
  });
});
