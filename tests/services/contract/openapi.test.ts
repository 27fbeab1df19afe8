import { afterAll, beforeAll, expect, it } from "vitest";
import { inFull, report } from "../../support/figures";
import type { Failure } from "./report";
import { holdToContract } from "./schemathesis";
import { kinds, startServices, type Services } from "./services";

/** Proof 20: the services keep what their OpenAPI documents say, whatever is asked by whom. */
let services: Services;
let requests = 0;
let refusedByRule = 0;
let kept = 0;

beforeAll(async () => {
  services = await startServices("call-type-for-contracts");
});
afterAll(() => services?.close());

/** These fail on purpose; and what ends the session of who asks, so that nothing else could be asked. */
const exclude = ["GET /bad-request", "GET /unprocessable", "GET /server-error", "POST /auth/logout"];

/** Refusals of what the schema allows, by rules that no schema can say, with what those depend on. */
const rules = {
  "account-locked": "who has tried before",
  "idempotency-key-reused": "what was sent under the key before",
  "invalid-input": "how many features the model takes",
  "invalid-rollout": "which versions there are",
  "under-age": "the day",
  "wrong-type": "what a file is by its content",
};
const isByRule = ({ check, answer }: Failure) =>
  check === "positive_data_acceptance" &&
  Object.keys(rules).some((rule) => answer.includes(`"urn:hma:problem:${rule}"`));

/** A path with GET of `/content/{id}`, of which `upload` is no id: a 422. */
const isOverlap = ({ check, operation }: Failure) =>
  operation === "POST /content/upload" && ["unsupported_method", "allow_header_conformance"].includes(check);

/** What a form says is text, whatever it looks like. */
const isText = ({ check, message }: Failure) =>
  check === "negative_data_rejection" && /violates `type` at \/properties\/title /.test(message);
const allowed = [isByRule, isOverlap, isText];

const minutes = 60_000;
const asked = inFull ? kinds : (["admin"] as const);
const cases = asked.flatMap((kind) => [["content-bridge", kind] as const, ["ml-server", kind] as const]);

it.each(cases)(
  "%s keeps its contract with %s",
  async (service, kind) => {
    const [{ url }, token, { known }] = [services[service], await services.tokenOf(kind), services];
    const random = inFull ? 50 : 0;
    const found = await holdToContract({ url, token, exclude, known, random, timeout: 14 * minutes });
    const failures = found.failures.filter((failure) => !allowed.some((isAllowed) => isAllowed(failure)));
    expect(failures, found.output).toEqual([]);
    requests += found.requests;
    refusedByRule += found.failures.filter(isByRule).length;
    kept++;
  },
  15 * minutes,
);

it("was asked as everybody", async () => {
  expect(kept).toBe(cases.length);
  expect(requests).toBeGreaterThan(250 * cases.length);
  await report(
    20,
    `${requests} requests by OpenAPI as ${asked.join(", ")}: 0 unexpected 5xx, 0 answers off the schema, ` +
      `0 valid ones refused but ${refusedByRule} by ${Object.keys(rules).length} rules beyond it, 0 invalid ones taken`,
  );
});
