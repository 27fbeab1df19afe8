import { randomUUID } from "node:crypto";
import type { PersonRole } from "../../../services/shared/identity/person";
import { asSuperuser, newEmail } from "./platform";

export { accessTokenOf } from "./access-token";

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

/** The header that says who asks. */
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
