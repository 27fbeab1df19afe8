import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Caller } from "../support/caller";
import { accessTokenOf, newPerson } from "../support/people";
import { asSuperuser, newTokenKey, startBridge, type Running } from "../support/platform";

const tokenKeys = newTokenKey();
let bridge: Running;
let caller: Caller;

beforeAll(async () => {
  bridge = await startBridge({ tokenKeys });
  caller = new Caller(bridge.url);
});
afterAll(() => bridge?.close());

/** Tells of a moment past the service, which cannot know of it. */
const changePast = (id: string) =>
  asSuperuser((client) =>
    client.query(`INSERT INTO events.context_events (user_id, kind, context) VALUES ($1, 'mood', '{"good": true}')`, [id]),
  );

describe("insights", () => {
  interface Advice {
    day: string;
    recommendations: { kind: string; topic: string; score: number }[];
    warnings: { code: string; message: string }[];
  }
  const codesOf = ({ warnings }: Advice) => warnings.map(({ code }) => code);

  it("are the same for the same inputs, and follow what is told", async () => {
    const token = await accessTokenOf(await newPerson(), tokenKeys);
    const daily = async () => (await caller.get<Advice>("/insights/daily", { token })).body;
    const first = await daily();
    expect(first.recommendations.length).toBeGreaterThan(3);
    expect(await daily()).toEqual(first);
    const told = await caller.post("/insights/context", { kind: "weather", context: { wind_m_s: 12 } }, { token });
    expect(told.status).toBe(201);
    expect((await daily()).recommendations[0]).toMatchObject({ kind: "conditions", topic: "wind-and-thermals", score: 0.9 });
  });

  it("that were evaluated are kept with what they were made from", async () => {
    const person = await newPerson();
    const token = await accessTokenOf(person, tokenKeys);
    await asSuperuser((client) =>
      client.query(
        `INSERT INTO events.objective_profiles (user_id, name, objectives, is_active) VALUES ($1, 'x', '{"elk-calls": 1}', true)`,
        [person.id],
      ),
    );
    const { status, body } = await caller.post<Advice & { id: string }>("/insights/evaluate", undefined, { token });
    expect(status).toBe(201);
    expect(body.recommendations[0]).toMatchObject({ topic: "elk-calls", score: 1 });
    const { rows } = await asSuperuser((client) =>
      client.query("SELECT user_id, recommendations, inputs FROM events.insight_sessions WHERE id = $1", [body.id]),
    );
    expect(rows).toMatchObject([
      { user_id: person.id, recommendations: body.recommendations, inputs: { objectives: { "elk-calls": 1 } } },
    ]);
  });

  it("say in the answer and in the log what they were made without, until it is there", async () => {
    const person = await newPerson();
    const token = await accessTokenOf(person, tokenKeys);
    const lacking = ["no-objectives", "no-context", "no-progress"];
    const headers = { "x-request-id": `lacking-${person.id}` };
    const daily = await caller.get<Advice>("/insights/daily", { token, headers });
    expect(codesOf(daily.body)).toEqual(lacking);
    const logged = bridge.log.filter((line) => line["request_id"] === headers["x-request-id"] && "warnings" in line);
    expect(logged).toMatchObject([{ level: "info", warnings: lacking, msg: "advice was made without some inputs" }]);
    const evaluated = await caller.post<Advice>("/insights/evaluate", undefined, { token });
    expect(evaluated.body.warnings).toEqual(daily.body.warnings);

    await asSuperuser(async (client) => {
      await client.query(
        `INSERT INTO events.objective_profiles (user_id, name, objectives, is_active) VALUES ($1, 'x', '{"elk-calls": 1}', true)`,
        [person.id],
      );
      await client.query(
        `INSERT INTO progress.user_progress (user_id, lesson_id, completed_at)
         SELECT $1, id, now() FROM progress.lessons ORDER BY id LIMIT 1`,
        [person.id],
      );
    });
    await caller.post("/insights/context", { kind: "mood", context: { good: true } }, { token });
    expect(codesOf((await caller.get<Advice>("/insights/daily", { token })).body)).toEqual([]);
    expect(codesOf((await caller.post<Advice>("/insights/evaluate", undefined, { token })).body)).toEqual([]);
  });

  it("that were made are kept, for whom they were made alone", async () => {
    const [person, other] = [await newPerson(), await newPerson()];
    const [token, othersToken] = [await accessTokenOf(person, tokenKeys), await accessTokenOf(other, tokenKeys)];
    const first = await caller.get<Advice>("/insights/daily", { token });
    await changePast(person.id);
    expect((await caller.get<Advice>("/insights/daily", { token })).body).toEqual(first.body);
    await changePast(other.id);
    expect(codesOf((await caller.get<Advice>("/insights/daily", { token: othersToken })).body)).not.toContain("no-context");
  });

  it("that are kept are for nobody whose session has ended", async () => {
    const person = await newPerson();
    const token = await accessTokenOf(person, tokenKeys);
    expect((await caller.get("/insights/daily", { token })).status).toBe(200);
    await asSuperuser((client) => client.query("UPDATE auth.sessions SET ended_at = now() WHERE id = $1", [person.sessionId]));
    expect((await caller.get("/insights/daily", { token })).status).toBe(401);
  });

  it("are not there unless the flag is on", async () => {
    const without = await startBridge({ tokenKeys, insights: false });
    try {
      const token = await accessTokenOf(await newPerson(), tokenKeys);
      expect((await new Caller(without.url).get("/insights/daily", { token })).status).toBe(404);
    } finally {
      await without.close();
    }
  });
});
