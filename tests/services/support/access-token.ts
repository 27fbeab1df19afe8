import { createPrivateKey } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, SignJWT, type JWTHeaderParameters, type JWTPayload } from "jose";

/** Whom a token is for. */
export interface TokenHolder {
  id: string;
  role: string;
  sessionId: string;
}

/**
 * An access token as the content service makes it, or as an attacker would.
 *
 * @param tokenKey PEM, one of the service's `tokenKeys`
 * @param claims instead of the right ones
 * @param header instead of the right one
 */
export async function accessTokenOf(
  { id, sessionId, role }: TokenHolder,
  tokenKey: string,
  claims: JWTPayload = {},
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  const key = createPrivateKey(tokenKey);
  const kid = await calculateJwkThumbprint(await exportJWK(key));
  const now = Math.floor(Date.now() / 1000);
  const right = { iss: "http://localhost:8090", aud: "huntmaster", iat: now, exp: now + 900, sub: id, sid: sessionId, roles: [role] };
  return new SignJWT({ ...right, ...claims }).setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", kid, ...header }).sign(key);
}
