import { createPrivateKey, randomUUID } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, SignJWT, type JWTHeaderParameters, type JWTPayload } from "jose";
import type { PersonRole } from "../../../services/shared/identity/person";
import { asSuperuser, newEmail } from "./platform";

export interface TestPerson {
  id: string;
  email: string;
  role: PersonRole;
  sessionId: string;
}

/** The password of whom `newPerson` makes. */
export const password = "practice-makes-hunters";

/** An account with a session that goes on, made past the services. */
export async function newPerson(role: PersonRole = "user"): Promise<TestPerson> {
  const [id, sessionId, email] = [randomUUID(), randomUUID(), newEmail()];
  await asSuperuser(async (client) => {
    await client.query(
      `INSERT INTO auth.users (id, email, password_hash, birth_date, role)
       SELECT $1, $2, password_hash, '1980-01-01', $3 FROM auth.users WHERE email = 'hunter@example.test'`,
      [id, email, role],
    );
    await client.query(
      "INSERT INTO auth.sessions (id, user_id, expires_at) VALUES ($1, $2, now() + interval '1 day')",
      [sessionId, id],
    );
  });
  return { id, email, role, sessionId };
}

/**
 * An access token as the content service makes it, or as an attacker would.
 *
 * @param tokenKey PEM, one of the service's `tokenKeys`
 * @param claims instead of the right ones
 * @param header instead of the right one
 */
export async function accessTokenOf(
  { id, sessionId, role }: TestPerson,
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

/** The header that says who asks. */
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
