import { createHash, randomBytes } from "node:crypto";

/** A random token of 256 bits, and its digest, which is all that the database keeps. */
export function newToken(): { token: string; digest: Buffer } {
  const token = randomBytes(32).toString("base64url");
  return { token, digest: digestOf(token) };
}

export const digestOf = (token: string): Buffer => createHash("sha256").update(token).digest();
