import { afterAll, beforeAll, expect, it } from "vitest";
import { key } from "../../../services/shared/keyspace";
import { newPerson } from "../support/people";
import { asCacheUser } from "../support/platform";
import { MlServer } from "./support/ml-server";
import { asShipped, newModelName, publish, shipped } from "./support/models";

const { features } = shipped.card.example.input;
const model = newModelName();
const tooMany = { status: 429, type: "application/problem+json", body: { type: "urn:hma:problem:too-many-requests" } };
let replicas: [MlServer, MlServer];

beforeAll(async () => {
  await publish(asShipped(model), { status: "active" });
  replicas = [await MlServer.start(), await MlServer.start()];
  for (const ml of replicas) await ml.until(async () => (await ml.predict(model, features)).status === 200);
});
afterAll(() => Promise.all((replicas ?? []).map((ml) => ml.close())));

/** Lets it be counted so often already. */
const counted = (count: number, ...of: readonly [string, string]) =>
  asCacheUser("ml_server", (client) => client.set(key("requests", ...of).name, count, "EX", 30));

it("answers one person so often in a minute, whichever replica is asked, and everybody else", async () => {
  const [one, other] = replicas;
  const person = await newPerson();
  await counted(598, "predict", person.id);
  expect(await one.predict(model, features, person)).toMatchObject({ status: 200 });
  expect(await other.predict(model, features, person)).toMatchObject({ status: 200 });
  for (const ml of replicas) {
    let refused = await ml.predict(model, features, person);
    // Nobody waits for Redis for longer than 50 ms, which a busy machine can take: it is counted, and answered.
    await ml.until(async () => (refused = await ml.predict(model, features, person)).status !== 200);
    expect(refused).toMatchObject(tooMany);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  }
  expect(await one.predict(model, features, await newPerson())).toMatchObject({ status: 200 });
});

it("passes so many logins from one address on in a minute, whichever replica is asked", async () => {
  const credentials = { email: "hunter@example.test", password: "practice-makes-hunters" };
  const from = { "x-forwarded-for": "203.0.113.77" };
  await counted(59, "ml-login", from["x-forwarded-for"]);
  const [one, other] = replicas;
  const logIn = (ml: MlServer) =>
    fetch(`${ml.running.url}/auth/login`, {
      method: "POST",
      headers: { ...from, "content-type": "application/json" },
      body: JSON.stringify(credentials),
    });
  one.issuer.answer = { status: 401, body: { type: "urn:hma:problem:wrong-credentials" } };
  expect((await logIn(one)).status).toBe(401);
  const refused = await logIn(other);
  expect([refused.status, await refused.json()]).toEqual([429, expect.objectContaining(tooMany.body)]);
  expect([one.issuer.asked === undefined, other.issuer.asked === undefined]).toEqual([false, true]);
});
