import { expect, it } from "vitest";
import { redacted } from "../../../services/shared/telemetry/redacted";

it.each([
  ["Unexpected token 'c', \"{\"a\": canary}\" is not valid JSON", "Unexpected token [quoted], [quoted] is not valid JSON"],
  ['an open "canary', "an open [quoted]"],
  ["Cannot read properties of undefined (reading 'canary')", "Cannot read properties of undefined (reading [quoted])"],
  ["no mail to canary@example.test today", "no mail to [address] today"],
  ["GET https://example.test/path?token=canary failed", "GET https://example.test/path?[query] failed"],
  ["connect ECONNREFUSED 192.0.2.7:5432", "connect ECONNREFUSED [ip]:5432"],
  ["connect ECONNREFUSED 2001:db8::7", "connect ECONNREFUSED [ip]"],
  ["person 0d1b3c5e-1111-4222-8333-444455556666 has none", "person [token] has none"],
  ["key eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0 is bad", "key eyJhbGciOiJFZERTQSJ9.[token] is bad"],
  ["canary".repeat(500), "a message of 3000 characters"],
])("takes out of %j what may be somebody's", (message, expected) => {
  expect(redacted(new TypeError(message))).toMatchObject({ name: "TypeError", message: expected });
});

it("keeps the stack, whose first line alone is the message's", () => {
  const { stack } = redacted(new Error("first\n    at canary (canary.ts:1:1)\nlast"));
  const [message, ...frames] = stack!.split("\n");
  expect(message).toMatch(/^Error: first .* last$/);
  expect(frames[0]).toContain("redacted.test.ts");
  expect(frames.join()).not.toContain("canary");
});

it("takes nothing along but kind, message and stack", () => {
  const error = Object.assign(new Error("plain", { cause: new Error("canary") }), { body: "canary", name: "Named" });
  const copy = redacted(error);
  expect(copy).toMatchObject({ name: "Named", message: "plain" });
  expect(Object.keys(copy)).toEqual(["name"]);
  expect(copy.cause).toBeUndefined();
});

it.each([["canary"], [{ canary: 1 }], [undefined]])("says of %j, thrown, nothing but its type", (thrown) => {
  expect(redacted(thrown).message).toBe(`a ${typeof thrown} was thrown`);
});
