import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** What Postgres itself uses (src/include/common/scram-common.h), so that a dump and restore keeps the same form. */
const iterations = 4096;

/**
 * The SCRAM-SHA-256 verifier that Postgres stores in `pg_authid.rolpassword` (RFC 5802, RFC 7677).
 *
 * Handing Postgres the verifier instead of the password keeps the password out of its statements, logs and
 * statistics, and makes a changed password visible as a plain difference.
 *
 * @param password printable ASCII (SASLprep leaves that as it is); anything else throws a `RangeError`
 * @param salt any string kept with the password: the same pair always gives the same verifier
 */
export function scramVerifier(password: string, salt: string): string {
  if (!/^[\x21-\x7e]+$/.test(password)) throw new RangeError("a SCRAM password must be printable ASCII without spaces");
  const saltBytes = createHash("sha256").update(salt).digest().subarray(0, 16);
  const salted = pbkdf2Sync(password, saltBytes, iterations, 32, "sha256");
  const hmac = (text: string) => createHmac("sha256", salted).update(text).digest();
  const storedKey = createHash("sha256").update(hmac("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${saltBytes.toString("base64")}$${storedKey}:${hmac("Server Key").toString("base64")}`;
}
