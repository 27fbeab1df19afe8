import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Tokens } from "../../../services/shared/identity/login";
import { Caller } from "../support/caller";
import { newPerson, password } from "../support/people";
import { asSuperuser, newEmail, startBridge, type Running } from "../support/platform";

let bridge: Running;
let replica: Running;
let caller: Caller;

beforeAll(async () => {
  [bridge, replica] = await Promise.all([startBridge(), startBridge()]);
});
afterAll(() => Promise.all([bridge?.close(), replica?.close()]));
beforeEach(() => {
  caller = new Caller(bridge.url);
});

const registration = (overrides: object = {}) => ({
  email: newEmail(),
  password,
  birth_date: "1980-01-01",
  display_name: "Test hunter",
  ...overrides,
});
const logIn = async (email: string) => (await caller.post<Tokens>("/auth/login", { email, password })).body;

/** The date so many years and days ago, by the calendar in UTC. */
function ago(years: number, days = 0): string {
  const date = new Date();
  date.setUTCFullYear(date.getUTCFullYear() - years, date.getUTCMonth(), date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}

describe("registering", () => {
  it("makes an account that can log in, with its profile", async () => {
    const person = registration();
    const { status, headers, body } = await caller.post<{ id: string }>("/auth/register", person);
    expect([status, headers.get("location")]).toEqual([201, "/user/profile"]);
    expect(body).toEqual({ id: expect.any(String) as string, email: person.email, display_name: "Test hunter" });
    const tokens = await logIn(person.email);
    expect(decodeJwt(tokens.access_token).sub).toBe(body.id);
    const stored = await asSuperuser((client) =>
      client.query<{ password_hash: string }>("SELECT password_hash FROM auth.users WHERE id = $1", [body.id]),
    );
    expect(stored.rows[0]!.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it("refuses people under 18 with 422, and puts it on record", async () => {
    const requestId = newEmail().slice(0, 36);
    const { status, body } = await caller.post("/auth/register", registration({ birth_date: ago(18, -1) }), {
      headers: { "x-request-id": requestId },
    });
    expect(status).toBe(422);
    expect(body).toMatchObject({ type: "urn:hma:problem:under-age", errors: [{ pointer: "/body/birth_date" }] });
    const { rows } = await asSuperuser((client) =>
      client.query("SELECT action, reason, client_ip FROM auth.audit_log WHERE request_id = $1", [requestId]),
    );
    expect(rows).toEqual([{ action: "DENIED", reason: "under 18 years", client_ip: caller.ip }]);
    expect((await caller.post("/auth/register", registration({ birth_date: ago(18) }))).status).toBe(201);
  });

  it("refuses an address twice, whatever its case", async () => {
    const person = registration();
    expect((await caller.post("/auth/register", person)).status).toBe(201);
    const again = await caller.post("/auth/register", { ...person, email: person.email.toUpperCase() });
    expect([again.status, again.body.type]).toEqual([409, "urn:hma:problem:email-taken"]);
  });

  it("names every field that is wrong at once", async () => {
    const wrong = { email: "nobody", password: "short", birth_date: "2001-02-30", display_name: " ", role: "admin" };
    const { status, body } = await caller.post("/auth/register", wrong);
    expect(status).toBe(422);
    const pointers = new Set(body.errors?.map(({ pointer }) => pointer));
    expect(pointers).toEqual(
      new Set(["/body/role", "/body/email", "/body/password", "/body/birth_date", "/body/display_name"]),
    );
  });

  it("refuses text that the database cannot hold with 422", async () => {
    expect((await caller.post("/auth/register", registration({ display_name: "a\u0000b" }))).status).toBe(422);
  });
});

describe("logging in", () => {
  it("gives an access token of 15 minutes that names its key", async () => {
    const { email, id } = await newPerson();
    const tokens = await logIn(email);
    expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 900 });
    const claims = decodeJwt(tokens.access_token);
    expect(claims).toMatchObject({ iss: "http://localhost:8090", aud: "huntmaster", sub: id, roles: ["user"] });
    expect(claims.exp! - claims.iat!).toBe(900);
    const jwks = await caller.get<{ keys: { kid: string }[] }>("/.well-known/jwks.json");
    expect(jwks.body.keys.map(({ kid }) => kid)).toEqual([decodeProtectedHeader(tokens.access_token).kid]);
    expect(JSON.stringify(jwks.body)).not.toContain('"d"');
  });

  it("tells nobody whether there is an account", async () => {
    const { email } = await newPerson();
    const wrong = await caller.post("/auth/login", { email, password: "not the password" });
    const nobody = await caller.post("/auth/login", { email: newEmail(), password: "not the password" });
    expect(wrong.status).toBe(401);
    const { request_id: _, ...told } = wrong.body;
    expect(nobody.body).toMatchObject(told);
  });

  it("records every try, with where it came from", async () => {
    const { email, id } = await newPerson();
    await caller.post("/auth/login", { email, password: "not the password" });
    await caller.post("/auth/login", { email, password }, { headers: { "user-agent": "Test device" } });
    const { rows } = await asSuperuser((client) =>
      client.query("SELECT succeeded, client_ip, device FROM auth.login_attempts WHERE user_id = $1 ORDER BY id", [id]),
    );
    expect(rows).toMatchObject([
      { succeeded: false, client_ip: caller.ip },
      { succeeded: true, client_ip: caller.ip, device: "Test device" },
    ]);
  });

  it("locks an account after five tries that failed, on all replicas, even with the right password", async () => {
    const { email } = await newPerson();
    const urls = [bridge.url, replica.url];
    const tries = await Promise.all(
      Array.from({ length: 12 }, (_, i) => new Caller(urls[i % 2]!).post("/auth/login", { email, password: "wrong" })),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([...Array(5).fill(401), ...Array(7).fill(429)]);
    const { status, headers, body } = await caller.post("/auth/login", { email, password });
    expect([status, body.type]).toEqual([429, "urn:hma:problem:account-locked"]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(800);
  });

  it("counts anew once a login has succeeded", async () => {
    const { email } = await newPerson();
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 4; i += 1) await caller.post("/auth/login", { email, password: "wrong" });
      expect((await caller.post("/auth/login", { email, password })).status).toBe(200);
    }
  });

  it("limits what one address may ask in a minute, on all replicas", async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      const to = new Caller([bridge.url, replica.url][i % 2]!);
      const body = registration({ birth_date: "2020-01-01" });
      statuses.push((await to.post("/auth/register", body, { headers: { "x-forwarded-for": caller.ip } })).status);
    }
    expect(statuses).toEqual([...Array(10).fill(422), 429, 429]);
  });

  it("is refused while an administrator has locked the account", async () => {
    const { email, id } = await newPerson();
    await asSuperuser((client) =>
      client.query("UPDATE auth.users SET locked_until = now() + interval '1 hour' WHERE id = $1", [id]),
    );
    const { status, body } = await caller.post("/auth/login", { email, password });
    expect([status, body.type]).toEqual([403, "urn:hma:problem:account-locked"]);
  });
});

it("writes no password and no token to its log", async () => {
  const person = registration({ password: "canary-password-of-a-person" });
  await caller.post("/auth/register", person);
  const { body } = await caller.post<Tokens>("/auth/login", { email: person.email, password: person.password });
  await caller.get("/auth/nothing", { token: body.access_token });
  const lines = JSON.stringify(bridge.log);
  for (const secret of [person.password, body.access_token, body.refresh_token]) expect(lines).not.toContain(secret);
});
