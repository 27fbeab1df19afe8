import { randomUUID } from "node:crypto";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Tokens } from "../../../services/shared/identity/login";
import { Caller } from "../support/caller";
import { clientId, TestIssuer } from "../support/oidc-issuer";
import { accessTokenOf, newPerson, type TestPerson } from "../support/people";
import { asSuperuser, newEmail, newTokenKey, startBridge, type Running } from "../support/platform";

const people = {
  grown: { email: newEmail(), email_verified: true, birthdate: "1980-01-01", name: "Grown hunter" },
  young: { email: newEmail(), email_verified: true, birthdate: "2020-01-01", name: "Young hunter" },
  unverified: { email: newEmail(), email_verified: false, birthdate: "1980-01-01" },
  ageless: { email: newEmail(), email_verified: true },
  linked: {},
  unlinked: {},
  double: { email: "", email_verified: true, birthdate: "1980-01-01" },
};
const tokenKeys = newTokenKey();
let issuer: TestIssuer;
let bridge: Running;
let caller: Caller;

beforeAll(async () => {
  people.double.email = (await newPerson()).email;
  issuer = await TestIssuer.start(people, "http://localhost:8090/auth/oidc/callback");
  bridge = await startBridge({ tokenKeys, oidc: { issuer: new URL(issuer.url), clientId } });
});
afterAll(() => Promise.all([bridge?.close(), issuer?.stop()]));
beforeEach(() => {
  caller = new Caller(bridge.url);
});

interface Begun {
  location: string;
  cookie: string;
}

async function begin(): Promise<Begun> {
  const { status, headers } = await caller.get("/auth/oidc/login");
  expect(status).toBe(302);
  return { location: headers.get("location")!, cookie: headers.get("set-cookie")! };
}

const callBack = (url: URL, cookie: string) =>
  caller.get<Tokens>(url.pathname + url.search, { headers: { cookie: cookie.split(";")[0]! } });

async function logIn(name: keyof typeof people) {
  const { location, cookie } = await begin();
  return callBack(await issuer.logIn(location, name), cookie);
}

it("sends the browser to the issuer with PKCE, state and nonce, and ties the attempt to it", async () => {
  const { location, cookie } = await begin();
  const { searchParams } = new URL(location);
  expect(Object.fromEntries(searchParams)).toMatchObject({
    response_type: "code",
    client_id: clientId,
    redirect_uri: "http://localhost:8090/auth/oidc/callback",
    code_challenge_method: "S256",
  });
  for (const name of ["code_challenge", "state", "nonce"]) expect(searchParams.get(name)).toMatch(/^[\w-]{43}$/);
  expect(cookie).toMatch(/^hma_oidc=[\w-]{43}; Max-Age=600; Path=\/auth\/oidc; HttpOnly; SameSite=Lax$/);
  expect(cookie).not.toContain(searchParams.get("state"));
});

it("makes an account at the first time, and finds it again", async () => {
  const first = await logIn("grown");
  expect(first.status).toBe(200);
  const profile = await caller.get<{ email: string }>("/user/profile", { token: first.body.access_token });
  expect(profile.body).toMatchObject({ email: people.grown.email, display_name: "Grown hunter" });
  const second = await logIn("grown");
  expect(decodeJwt(second.body.access_token).sub).toBe(decodeJwt(first.body.access_token).sub);
  expect((await caller.post("/auth/refresh", { refresh_token: second.body.refresh_token })).status).toBe(200);
});

it.each([
  ["young", 422, "under-age"],
  ["unverified", 422, "not-enough-known"],
  ["ageless", 422, "not-enough-known"],
  ["double", 409, "email-taken"],
] as const)("makes no account for who is %s: %i %s", async (name, status, kind) => {
  expect(await logIn(name)).toMatchObject({ status, body: { type: `urn:hma:problem:${kind}` } });
  const { rows } = await asSuperuser((client) =>
    client.query("SELECT FROM auth.external_identities WHERE subject = $1", [name]),
  );
  expect(rows).toEqual([]);
});

it("takes what comes back once, from the browser that began alone, and unaltered", async () => {
  const refused = { status: 401, body: { type: "urn:hma:problem:login-elsewhere-failed" } };
  const altered = async (change: (url: URL, begun: Begun) => [URL, string]) => {
    const begun = await begin();
    return callBack(...change(await issuer.logIn(begun.location, "grown"), begun));
  };
  const set = (url: URL, name: string, value: string) => {
    url.searchParams.set(name, value);
    return url;
  };
  const other = await begin();
  expect(await altered((url) => [url, ""])).toMatchObject(refused);
  expect(await altered((url) => [url, other.cookie])).toMatchObject(refused);
  expect(await altered((url, { cookie }) => [set(url, "state", randomUUID()), cookie])).toMatchObject(refused);
  expect(await altered((url, { cookie }) => [set(url, "code", "x"), cookie])).toMatchObject(refused);
  expect(await altered((url, { cookie }) => [set(url, "iss", "http://localhost:1"), cookie])).toMatchObject(refused);
  // A code that was meant for another attempt: its verifier does not fit.
  const code = (await issuer.logIn((await begin()).location, "grown")).searchParams.get("code")!;
  expect(await altered((url, { cookie }) => [set(url, "code", code), cookie])).toMatchObject(refused);

  const { location, cookie } = await begin();
  const url = await issuer.logIn(location, "grown");
  expect((await callBack(url, cookie)).status).toBe(200);
  expect(await callBack(url, cookie)).toMatchObject(refused);
});

describe("linking a login to an account that is here", () => {
  const tokenOf = (person: TestPerson) => accessTokenOf(person, tokenKeys);
  const beginLink = async (token: string): Promise<Begun> => {
    const { body, headers } = await caller.call<{ url: string }>("POST", "/auth/oidc/link", { token });
    return { location: body.url, cookie: headers.get("set-cookie")! };
  };
  const finish = async ({ location, cookie }: Begun, name: keyof typeof people) =>
    callBack(await issuer.logIn(location, name), cookie);
  const subOf = ({ body }: { body: Tokens }) => decodeJwt(body.access_token).sub;

  it("is for who is logged in here: the login leads to that account from then on, whatever its address", async () => {
    const person = await newPerson();
    expect((await caller.call("POST", "/auth/oidc/link")).status).toBe(401);
    const linked = await finish(await beginLink(await tokenOf(person)), "linked");
    expect([linked.status, subOf(linked)]).toEqual([200, person.id]);
    expect(subOf(await logIn("linked"))).toBe(person.id);
  });

  it("takes nobody else's login", async () => {
    await logIn("grown");
    const [other, token] = [await newPerson(), await tokenOf(await newPerson())];
    const taken = { status: 409, body: { type: "urn:hma:problem:login-taken" } };
    expect(await finish(await beginLink(token), "grown")).toMatchObject(taken);
    expect(await finish(await beginLink(await tokenOf(other)), "grown")).toMatchObject(taken);
    expect(subOf(await logIn("grown"))).not.toBe(other.id);
  });

  it("ends with the session that began it, and is tied to its browser", async () => {
    const token = await tokenOf(await newPerson());
    const begun = await beginLink(token);
    expect((await callBack(await issuer.logIn(begun.location, "unlinked"), (await begin()).cookie)).status).toBe(401);
    const again = await beginLink(token);
    await caller.call("POST", "/auth/logout", { token });
    const ended = { status: 401, body: { type: "urn:hma:problem:session-ended" } };
    expect(await finish(again, "unlinked")).toMatchObject(ended);
    const { rows } = await asSuperuser((client) =>
      client.query("SELECT FROM auth.external_identities WHERE subject = 'unlinked'"),
    );
    expect(rows).toEqual([]);
  });
});

it("answers 503 while the issuer is away", async () => {
  const away = await startBridge({ oidc: { issuer: new URL("http://localhost:1"), clientId } });
  try {
    const { status, headers } = await new Caller(away.url).get("/auth/oidc/login");
    expect([status, headers.get("retry-after")]).toEqual([503, "5"]);
  } finally {
    await away.close();
  }
});
