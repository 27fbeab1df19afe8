import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Tokens } from "../../../services/shared/identity/login";
import { Caller } from "../support/caller";
import { newPerson, password } from "../support/people";
import { asSuperuser, startBridge, type Running } from "../support/platform";

let bridge: Running;
let caller: Caller;

beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge?.close());
beforeEach(() => {
  caller = new Caller(bridge.url);
});

const logIn = async (email: string) => (await caller.post<Tokens>("/auth/login", { email, password })).body;
const isValid = async (token: string) => (await caller.post<{ valid: boolean }>("/auth/token", { token })).body.valid;

describe("refreshing", () => {
  it("exchanges a token once; the next one goes on in the same session", async () => {
    const { email } = await newPerson();
    const first = await logIn(email);
    const second = await caller.post<Tokens>("/auth/refresh", { refresh_token: first.refresh_token });
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(first.refresh_token);
    expect(decodeJwt(second.body.access_token)["sid"]).toBe(decodeJwt(first.access_token)["sid"]);
    expect((await caller.post("/auth/refresh", { refresh_token: second.body.refresh_token })).status).toBe(200);
  });

  it("ends the whole family when a token is used twice", async () => {
    const { email } = await newPerson();
    const [first, other] = [await logIn(email), await logIn(email)];
    const { body: second } = await caller.post<Tokens>("/auth/refresh", { refresh_token: first.refresh_token });
    expect((await caller.post("/auth/refresh", { refresh_token: first.refresh_token })).status).toBe(401);
    expect((await caller.post("/auth/refresh", { refresh_token: second.refresh_token })).status).toBe(401);
    expect(await isValid(second.access_token)).toBe(false);
    expect(await isValid(other.access_token)).toBe(true);
  });

  it("lets one of many at once through, and then ends the session", async () => {
    const { email } = await newPerson();
    const { refresh_token } = await logIn(email);
    const answers = await Promise.all(Array.from({ length: 8 }, () => caller.post<Tokens>("/auth/refresh", { refresh_token })));
    const given = answers.filter(({ status }) => status === 200);
    expect(given).toHaveLength(1);
    expect(await isValid(given[0]!.body.access_token)).toBe(false);
  });

  it.each(["", "x", "nobody-has-this", "ä".repeat(100)])("refuses %j", async (refresh_token) => {
    expect([401, 422]).toContain((await caller.post("/auth/refresh", { refresh_token })).status);
  });
});

describe("logging out", () => {
  it("ends the session at once, for access and refresh token", async () => {
    const { email } = await newPerson();
    const { access_token: token, refresh_token } = await logIn(email);
    expect(await isValid(token)).toBe(true);
    expect((await caller.post("/auth/logout", undefined, { token })).status).toBe(204);
    expect(await isValid(token)).toBe(false);
    expect((await caller.post("/auth/logout", undefined, { token })).status).toBe(401);
    expect((await caller.post("/auth/refresh", { refresh_token })).status).toBe(401);
  });
});

describe("checking a token", () => {
  it("tells whose it is, and until when", async () => {
    const { email, id } = await newPerson("admin");
    const { access_token: token } = await logIn(email);
    const { status, body } = await caller.post("/auth/token", { token });
    expect(status).toBe(200);
    expect(body).toEqual({ valid: true, sub: id, roles: ["admin"], exp: decodeJwt(token).exp });
  });

  it.each(["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", ".".repeat(8000)])("says of %j that it is not", async (token) => {
    expect(await caller.post("/auth/token", { token })).toMatchObject({ status: 200, body: { valid: false } });
  });

  it("is told the role that the person has now", async () => {
    const { email, id } = await newPerson("admin");
    const { access_token: token } = await logIn(email);
    await asSuperuser((client) => client.query("UPDATE auth.users SET role = 'user' WHERE id = $1", [id]));
    expect((await caller.post("/auth/token", { token })).body).toMatchObject({ valid: true, roles: ["user"] });
  });
});
