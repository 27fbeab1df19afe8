import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Mail } from "../../../services/content-bridge/auth/mail";
import type { Tokens } from "../../../services/shared/identity/login";
import { Caller } from "../support/caller";
import { newPerson, password, type TestPerson } from "../support/people";
import { asSuperuser, newEmail, startBridge, type Running } from "../support/platform";

let bridge: Running;
let caller: Caller;
let person: TestPerson;

beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge?.close());
beforeEach(async () => {
  caller = new Caller(bridge.url);
  person = await newPerson();
});

const ask = (email: string) => caller.post("/auth/password-reset", { email });
const confirm = (token: string, chosen: string) => caller.post("/auth/password-reset/confirm", { token, password: chosen });
const logIn = (secret: string) => caller.post<Tokens>("/auth/login", { email: person.email, password: secret });
const mailTo = async (email: string) => (await caller.get<Mail[]>(`/simulated-mail?to=${email}`)).body;

async function link(): Promise<string> {
  expect((await ask(person.email)).status).toBe(202);
  return (await mailTo(person.email))[0]!.text.split(": ")[1]!;
}

it("sets a new password, once, and ends all sessions", async () => {
  const { access_token: token, refresh_token } = (await logIn(password)).body;
  const secret = await link();
  expect((await confirm(secret, "a new password")).status).toBe(204);
  expect((await logIn(password)).status).toBe(401);
  expect((await logIn("a new password")).status).toBe(200);
  expect((await caller.post<{ valid: boolean }>("/auth/token", { token })).body.valid).toBe(false);
  expect((await caller.post("/auth/refresh", { refresh_token })).status).toBe(401);
  expect((await confirm(secret, "another password")).status).toBe(401);
});

it("lets one of many at once through", async () => {
  const secret = await link();
  const answers = await Promise.all([1, 2, 3, 4].map((i) => confirm(secret, `a new password ${i}`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401, 401]);
});

it("makes older links useless with the one that is used", async () => {
  const [older, newer] = [await link(), await link()];
  expect((await confirm(newer, "a new password")).status).toBe(204);
  expect((await confirm(older, "another password")).status).toBe(401);
});

it("tells nobody whether there is an account, and mails nobody else", async () => {
  const nobody = newEmail();
  expect((await ask(nobody)).status).toBe(202);
  expect(await mailTo(nobody)).toEqual([]);
});

it("refuses a link whose time is over, and one that never was", async () => {
  const secret = await link();
  await asSuperuser((client) =>
    client.query(
      "UPDATE auth.password_resets SET created_at = now() - interval '2 h', expires_at = now() - interval '1 s' WHERE user_id = $1",
      [person.id],
    ),
  );
  expect((await confirm(secret, "a new password")).status).toBe(401);
  expect((await confirm("never-was", "a new password")).status).toBe(401);
});

it("keeps a digest of the link alone", async () => {
  const secret = await link();
  const { rows } = await asSuperuser((client) =>
    client.query("SELECT to_jsonb(r) AS row FROM auth.password_resets AS r WHERE user_id = $1", [person.id]),
  );
  expect(JSON.stringify(rows)).not.toContain(secret);
});

it("is limited by address", async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 6; i += 1) statuses.push((await confirm("x", "a new password")).status);
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
});

it("answers 503 where no mail is sent", async () => {
  const silent = await startBridge({ simulations: false });
  try {
    expect(await new Caller(silent.url).post("/auth/password-reset", { email: newEmail() })).toMatchObject({
      status: 503,
      body: { type: "urn:hma:problem:no-mail" },
    });
  } finally {
    await silent.close();
  }
});
