import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { JWTVerifyGetKey } from "jose";
import { AccessTokens, TokenRefused } from "../../../services/shared/identity/access-token";
import type { Database } from "../../../services/shared/stores/database";
import { accessTokenOf } from "../../services/support/access-token";

const id = "00000000-0000-4000-8000-000000000001";
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const pem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
const nobody = {} as Database;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const newToken = () => accessTokenOf({ id, sessionId: id, role: "user" }, pem);
const tokensBy = (keys: JWTVerifyGetKey) => new AccessTokens(keys, "http://localhost:8090", nobody);

it("checks the signature of a token once", async () => {
  const keys = vi.fn(async () => publicKey);
  const tokens = tokensBy(keys);
  const token = await newToken();
  const first = await tokens.verify(token);
  expect(await tokens.verify(token)).toEqual(first);
  expect(keys).toHaveBeenCalledTimes(1);
});

it("refuses a token that was good until it ended", async () => {
  const tokens = tokensBy(async () => publicKey);
  const token = await newToken();
  await tokens.verify(token);
  vi.advanceTimersByTime(906_000);
  await expect(tokens.verify(token)).rejects.toBeInstanceOf(TokenRefused);
});

it("refuses a token whose signature was good with other claims", async () => {
  const tokens = tokensBy(async () => publicKey);
  const token = await newToken();
  await tokens.verify(token);
  const [head, , signature] = token.split(".");
  const [, claims] = (await accessTokenOf({ id, sessionId: id, role: "admin" }, pem)).split(".");
  await expect(tokens.verify([head, claims, signature].join("."))).rejects.toBeInstanceOf(TokenRefused);
});

it("keeps no more of them than it says", async () => {
  const keys = vi.fn(async () => publicKey);
  const tokens = new AccessTokens(keys, "http://localhost:8090", nobody, 2);
  const all = await Promise.all([1, 2, 3].map((n) => accessTokenOf({ id, sessionId: id, role: "user" }, pem, { jti: String(n) })));
  for (const token of [...all, ...all]) await tokens.verify(token);
  expect(keys).toHaveBeenCalledTimes(6);
});
