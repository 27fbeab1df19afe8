import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { scramVerifier } from "../../../lib/scram";

/** What a server does with a client's proof (RFC 5802): independent of how the verifier was made. */
function accepts(verifier: string, password: string): boolean {
  const [, iterations, salt, stored] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):/.exec(verifier)!;
  const salted = pbkdf2Sync(password, Buffer.from(salt!, "base64"), Number(iterations), 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  return createHash("sha256").update(clientKey).digest("base64") === stored;
}

describe("scramVerifier", () => {
  it("is accepted with its password, and with no other", () => {
    const verifier = scramVerifier("correct-horse", "hma_app");
    expect(accepts(verifier, "correct-horse")).toBe(true);
    expect(accepts(verifier, "correct-horsf")).toBe(false);
  });

  it("is the same for the same password and salt, so that nothing changes at a second up", () => {
    expect(scramVerifier("password", "role")).toBe(scramVerifier("password", "role"));
  });

  it("differs by salt, so that equal passwords do not show", () => {
    expect(scramVerifier("password", "a")).not.toBe(scramVerifier("password", "b"));
  });

  it("does not contain the password", () => {
    expect(scramVerifier("canary-password", "role")).not.toContain("canary");
  });

  it.each(["", "with space", "Zürich", "line\nbreak"])("refuses %j, which Postgres would prepare differently", (bad) => {
    expect(() => scramVerifier(bad, "role")).toThrow(RangeError);
  });
});
