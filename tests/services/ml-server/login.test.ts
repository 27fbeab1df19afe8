import { afterAll, beforeAll, expect, it } from "vitest";
import { MlServer } from "./support/ml-server";

const credentials = { email: "hunter@example.test", password: "practice-makes-hunters" };
const tokens = { access_token: "a", refresh_token: "r", token_type: "bearer", expires_in: 900 };
let ml: MlServer;

beforeAll(async () => {
  ml = await MlServer.start();
});
afterAll(() => ml?.close());

const logIn = (body: unknown = credentials) => ml.ask("POST", "/auth/login", body, null);

it("logs in at the issuer, in the name of who asks", async () => {
  ml.issuer.answer = { status: 200, body: tokens };
  const { status, body, headers } = await logIn();
  expect([status, body]).toEqual([200, tokens]);
  expect(JSON.parse(ml.issuer.asked!.body)).toEqual(credentials);
  expect(ml.issuer.asked!.headers).toMatchObject({
    "x-request-id": headers.get("x-request-id"),
    "x-forwarded-for": "127.0.0.1",
  });
});

it("tells the issuer's refusal as its own, with what to do", async () => {
  const problem = { type: "urn:hma:problem:locked", title: "Locked", status: 429, detail: "Too many tries" };
  ml.issuer.answer = { status: 429, headers: { "retry-after": "60" }, body: problem };
  const { status, type, headers, body } = await logIn();
  expect([status, type, headers.get("retry-after")]).toEqual([429, "application/problem+json", "60"]);
  expect(body).toMatchObject({ type: problem.type, detail: problem.detail, instance: "/auth/login" });
});

it("refuses what is no login, without asking the issuer", async () => {
  ml.issuer.asked = undefined;
  const { status, body } = await logIn({ email: "hunter@example.test" });
  expect([status, body["errors"]]).toMatchObject([422, [{ pointer: "/body/password" }]]);
  expect(ml.issuer.asked).toBeUndefined();
});

it("waits no longer than 5 s for an issuer that takes the request and says nothing", async () => {
  ml.issuer.answer = "silent";
  const since = Date.now();
  const { status, headers } = await logIn();
  expect([status, headers.get("retry-after")]).toEqual([503, "5"]);
  expect(Date.now() - since).toBeLessThan(8000);
});

it("says when the issuer is away or fails, and logs no password", async () => {
  ml.issuer.answer = { status: 500, body: {} };
  expect(await logIn()).toMatchObject({ status: 503 });
  const other = await MlServer.start({ issuerUrl: new URL("http://127.0.0.1:9") });
  try {
    const answer = await other.ask("POST", "/auth/login", credentials, null);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  } finally {
    await other.close();
  }
  expect(JSON.stringify([...ml.running.log, ...other.running.log])).not.toContain(credentials.password);
});
