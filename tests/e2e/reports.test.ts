import type { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { asking, IdentitySigner } from "../support/identity";
import { alice, bob, dropPeople, makePeople, rowsOfAll } from "../support/people";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";

/** Schema analytics of the running stack: days long gone are counted by the role that runs the jobs, and taken back. */
let clients: StackClients;

beforeAll(async () => {
  clients = new StackClients(await testOutputs());
  await makePeople(clients, await IdentitySigner.of(clients));
});
afterAll(() => dropPeople(clients));

const asJob = <T>(work: (client: Client) => Promise<T>) =>
  clients.asRole("hma_migrator", (client) => asking(client, "", () => work(client)));

const rowsIn = async <T extends object>(client: Client, query: string, values: unknown[] = []): Promise<T[]> =>
  (await client.query<T>(query, values)).rows;

const countsOf = (client: Client, day: string) =>
  rowsIn(client, "SELECT metric, dimension, value::int FROM analytics.daily_counts WHERE day = $1 ORDER BY 1, 2", [day]);
const activeOn = async (client: Client, day: string) => {
  const query = "SELECT days::int, users::int FROM analytics.daily_active_users WHERE day = $1";
  const rows = await rowsIn<{ days: number; users: number }>(client, query, [day]);
  return Object.fromEntries(rows.map(({ days, users }) => [days, users]));
};
/** An event of person $1, or nobody's, at $2. */
const event = "INSERT INTO events.event_log (user_id, occurred_at, name) VALUES ($1, $2, 'x.y')";
const rollUp = (client: Client, day: string) => client.query("SELECT internal.roll_up($1)", [day]);

it("count a day the same however often, and keep it when its events are gone", async () => {
  await asJob(async (client) => {
    for (const time of ["2019-05-04 23:59:59Z", "2019-05-05Z", "2019-05-05 23:59:59Z", "2019-05-06Z"]) {
      await client.query(event, [alice, time]);
    }
    await client.query(event, [bob, "2019-04-30Z"]);
    await client.query("UPDATE auth.users SET created_at = '2019-05-05 12:00Z' WHERE id = $1", [alice]);
    const done = "UPDATE progress.user_progress SET started_at = '2019-05-01Z', completed_at = '2019-05-05Z'";
    await client.query(`${done} WHERE user_id = $1`, [alice]);
    const asked = "UPDATE ml_infrastructure.predictions SET created_at = '2019-05-05Z'";
    await client.query(`${asked} WHERE user_id = $1`, [alice]);
    await client.query(`${asked}, output = NULL, error = 'x' WHERE user_id = $1`, [bob]);
    const model = `${rowsOfAll["ml_infrastructure.model_registry"]![0]} 1.0.0`;
    const expected = [
      { metric: "events", dimension: "x.y", value: 2 },
      { metric: "lessons_completed", dimension: "", value: 1 },
      { metric: "predictions", dimension: model, value: 1 },
      { metric: "predictions_failed", dimension: model, value: 1 },
      { metric: "registrations", dimension: "", value: 1 },
    ];
    for (const state of ["first", "again", "without its events"]) {
      if (state === "without its events") await client.query("DELETE FROM events.event_log WHERE name = 'x.y'");
      await rollUp(client, "2019-05-05");
      expect(await countsOf(client, "2019-05-05")).toEqual(expected);
      expect(await activeOn(client, "2019-05-05")).toEqual({ 1: 1, 7: 2, 28: 2, 84: 2 });
    }
  });
});

it("count each person once in 1, 7, 28 and 84 days, the day itself the last of them", async () => {
  await asJob(async (client) => {
    for (const time of ["2019-01-01Z", "2019-01-01 12:00Z"]) await client.query(event, [alice, time]);
    await client.query(event, [bob, "2019-01-01Z"]);
    await client.query(event, [null, "2019-01-01Z"]);
    const expected = {
      "2019-01-01": { 1: 2, 7: 2, 28: 2, 84: 2 },
      ...{ "2019-01-07": { 1: 0, 7: 2, 28: 2, 84: 2 }, "2019-01-08": { 1: 0, 7: 0, 28: 2, 84: 2 } },
      ...{ "2019-01-28": { 1: 0, 7: 0, 28: 2, 84: 2 }, "2019-01-29": { 1: 0, 7: 0, 28: 0, 84: 2 } },
      ...{ "2019-03-25": { 1: 0, 7: 0, 28: 0, 84: 2 }, "2019-03-26": { 1: 0, 7: 0, 28: 0, 84: 0 } },
    };
    for (const [day, users] of Object.entries(expected)) {
      await rollUp(client, day);
      expect([day, await activeOn(client, day)]).toEqual([day, users]);
    }
  });
});

it("sum 7, 28 and 84 days up to yesterday, and as many before", async () => {
  await asJob(async (client) => {
    const today = "(now() AT TIME ZONE 'UTC')::date";
    // Of different values, so that a sum tells which days are in it.
    const ages = [0, 1, 7, 8, 14, 15, 28, 29, 56, 57, 84, 85, 168, 169];
    await client.query(
      `INSERT INTO analytics.daily_counts (day, metric, dimension, value)
       SELECT ${today} - age::int, 'trial', '', 2 ^ (place - 1) FROM unnest($1::int[]) WITH ORDINALITY AS _ (age, place)`,
      [ages],
    );
    const sum = (from: number, to: number) =>
      ages.reduce((total, age, place) => total + (age >= from && age <= to ? 2 ** place : 0), 0);
    const query = `SELECT days, total::int, previous_total::int FROM analytics.rolling_counts
                    WHERE metric = 'trial' ORDER BY 1`;
    expect(await rowsIn(client, query)).toEqual(
      [7, 28, 84].map((days) => ({ days, total: sum(1, days), previous_total: sum(days + 1, 2 * days) })),
    );
  });
});

it("set active people beside those of as many days before", async () => {
  await asJob(async (client) => {
    // Later than all that is counted on this stack; and a day each that is not wanted.
    const insert = `INSERT INTO analytics.daily_active_users (day, days, users)
                    SELECT '2999-12-31'::date - back, $1, 1000 + back FROM unnest($2::int[]) AS back`;
    for (const days of [7, 28, 84]) await client.query(insert, [days, [0, 1, days - 1, days, days + 1]]);
    const query = "SELECT days::int, day::text, users::int, previous_users::int FROM analytics.rolling_active_users";
    expect(await rowsIn(client, query)).toEqual(
      [7, 28, 84].map((days) => ({ days, day: "2999-12-31", users: 1000, previous_users: 1000 + days })),
    );
  });
});
