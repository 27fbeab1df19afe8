import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inFull, report } from "../../support/figures";
import { photo } from "../support/media";
import { bearer, password } from "../support/people";
import { asSuperuser, newEmail } from "../support/platform";
import { upload } from "../support/uploading";
import { startServices, type Services } from "./services";
import { inject, operationsWithParameters, type Document, type Example } from "./sqlmap";

/** Proof 20: nothing that a service is told is run as SQL. */
let services: Services;
let parameters = 0;

beforeAll(async () => {
  services = await startServices(model);
});
afterAll(() => services?.close());

const minutes = 60_000;
const id = "11111111-1111-4111-8111-111111111111";
const cursor = `1700000000000000~${id}`;
const [email, token] = ["hunter@example.test", "x".repeat(43)];
const page = { limit: "5", cursor };

const model = "call-type-for-injections";

/** Of every operation that takes anything, but for the form of an upload: sqlmap cannot send one that is valid. */
const examples: Record<"content-bridge" | "ml-server", Record<string, Example>> = {
  "content-bridge": {
    "GET /admin/users": { parameters: { ...page, role: "user", email: "example", registered_after: "2020-01-01T00:00:00Z" } },
    "GET /api/job_dead_letters": { parameters: { ...page, open: "true" } },
    "GET /api/job_runs": { parameters: { limit: "5", cursor: "1700000000000000~1", job: "tidy_runs", status: "queued" } },
    "GET /api/jobs": { parameters: page },
    "GET /api/manifest": { parameters: { ...page, topic: "elk", "if-none-match": '"x"' } },
    "GET /auth/oidc/callback": { parameters: { state: "x" } },
    "GET /content/upload/{id}": { parameters: { id } },
    "GET /content/{id}": { parameters: { id } },
    "GET /simulated-mail": { parameters: { to: email } },
    "PATCH /user/profile": {
      body: {
        ...{ display_name: "Hunter", experience: "expert", phone: "1", licence_number: "1", units: "metric", language: "en" },
        home: { latitude: 46.5, longitude: 7.25 },
      },
    },
    "POST /api/job_dead_letters/{id}/replay": { parameters: { id } },
    "POST /auth/login": { body: { email, password } },
    "POST /auth/password-reset": { body: { email } },
    "POST /auth/password-reset/confirm": { body: { token, password } },
    "POST /auth/refresh": { body: { refresh_token: token } },
    "POST /auth/register": { body: { email: newEmail(), password, birth_date: "1980-01-01", display_name: "Hunter" } },
    "POST /auth/token": { body: { token } },
    "POST /insights/context": { body: { kind: "weather", context: { wind: "calm" }, occurred_at: "2026-01-01T00:00:00Z" } },
    "POST /webhooks/{source}": { parameters: { source: "trail_cameras" }, body: { type: "sighting.reported", data: {} } },
  },
  "ml-server": {
    "GET /admin/analytics": { parameters: { hours: "24" } },
    "POST /auth/login": { body: { email, password } },
    "POST /predict": { body: { model, version: "1.0.0", input: { features: [0] } } },
    "PUT /admin/models/{model}/rollout": { parameters: { model }, body: { active: "1.0.0" } },
  },
};
/** Each ends a text, a statement or a parameter. A statement that sleeps is given up, and a 503. */
const hostile = [
  "'",
  "\\'; SELECT pg_sleep(9); --",
  "' || pg_sleep(9)::text || '",
  "'); DROP TABLE content.assets CASCADE; --",
  "$1); SELECT pg_sleep(9); --",
  "$$; SELECT pg_sleep(9); $$",
];
const leftOut = ["POST /content/upload"];
/** For which there is time in every run of the tests: text that goes to the database as it comes. */
const sample = ["GET /admin/users"];

const documentOf = (service: keyof typeof examples) => services[service].server.swagger() as unknown as Document;

it.each(["content-bridge", "ml-server"] as const)("every operation of %s that takes anything has an example", (service) => {
  const names = operationsWithParameters(documentOf(service)).filter((name) => !leftOut.includes(name));
  expect(Object.keys(examples[service]).sort()).toEqual(names.sort());
});

it.each(inFull ? (["content-bridge", "ml-server"] as const) : (["content-bridge"] as const))(
  "%s runs nothing of what it is told as SQL",
  async (service) => {
    const chosen = Object.entries(examples[service]).filter(([name]) => inFull || sample.includes(name));
    const [{ url }, token] = [services[service], await services.tokenOf("admin")];
    const target = { url, document: documentOf(service), examples: Object.fromEntries(chosen), token };
    const { harmless, findings } = await inject(target, 14 * minutes);
    expect(findings).toEqual([]);
    expect(harmless).toBeGreaterThanOrEqual(chosen.length);
    parameters += harmless;
  },
  15 * minutes,
);

it("nor what the form of an upload says, which comes back as it was said", async () => {
  const authorization = bearer((await services.tokenOf("user"))!);
  const { url } = services["content-bridge"];
  for (const text of hostile) {
    // A backslash makes a name a path, which is refused, and a space a key.
    const form = { title: text, name: text.replaceAll("\\", ""), key: text.replaceAll(" ", "/**/") };
    const { status, body } = await upload(url, authorization, await photo().png().toBuffer(), form);
    expect([status, body["title"]]).toEqual([202, text]);
  }
  await report(20, `SQL as title, file name and idempotency key of ${hostile.length} uploads: taken as text`);
});

it("a service that does is found out", async () => {
  const server = createServer((request, response) => {
    const asked = new URL(request.url!, "http://localhost").searchParams.get("email");
    const answer = asSuperuser((client) => client.query(`SELECT id FROM auth.users WHERE email = '${asked}'`));
    void answer.then(({ rows }) => response.end(JSON.stringify(rows)), () => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const document = { paths: { "/people": { get: { parameters: [{ name: "email", in: "query" }] } } } };
    const examples = { "GET /people": { parameters: { email } } };
    const { findings } = await inject({ url, document, examples }, 2 * minutes);
    expect(findings).not.toEqual([]);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await report(20, `SQL in ${parameters} parameters by sqlmap: 0 findings; in one that runs it: found`);
});
