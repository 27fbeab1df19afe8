import { randomUUID } from "node:crypto";
import type { PoolClient } from "pg";
import { Problem } from "../../shared/http/problem";
import type { PersonRole } from "../../shared/identity/person";
import type { IdentitySigner } from "../../shared/identity/signature";
import type { Become } from "../../shared/identity/transactions";
import { hashPassword } from "../auth/passwords";
import type { Attempt, ExternalPerson } from "./issuer";

interface Account {
  id: string;
  role: PersonRole;
  locked_until: Date | null;
}

/**
 * The account of somebody who logged in elsewhere; a new one at the first time. An account that has the same address
 * already is not theirs because of that: its mail was never shown to be theirs here.
 */
export async function accountOf(
  client: PoolClient,
  become: Become,
  signer: IdentitySigner,
  person: ExternalPerson,
): Promise<Account> {
  const { issuer, subject } = person;
  const { rows } = await client.query<Account>(
    "SELECT id, role, locked_until FROM platform.find_external_account($1, $2, $3, $4)",
    [issuer, subject, ...signer.external(issuer, subject)],
  );
  const found = rows[0] ?? (await register(client, become, person));
  if (found.locked_until && found.locked_until > new Date()) {
    throw new Problem(403, "account-locked", { detail: `Locked until ${found.locked_until.toISOString()}` });
  }
  await become(found.id, found.role);
  return found;
}

/**
 * Links a login elsewhere to the account of somebody who was logged in here when it began, in the same browser, and
 * still is: that account.
 *
 * @throws Problem 401 where that session has ended, 409 where an account has the login already
 */
export async function linkedAccount(
  client: PoolClient,
  become: Become,
  person: ExternalPerson,
  { id, sessionId }: NonNullable<Attempt["linksTo"]>,
): Promise<Pick<Account, "id" | "role">> {
  const { rows } = await client.query<{ user_id: string | null; role: PersonRole }>(
    "SELECT user_id, role FROM platform.session_identity($1)",
    [sessionId],
  );
  const [found] = rows;
  if (found?.user_id !== id) throw new Problem(401, "session-ended", { detail: "The session that began it has ended" });
  await become(id, found.role);
  await keep(client, person, id);
  return { id, role: found.role };
}

async function keep(client: PoolClient, { issuer, subject }: ExternalPerson, id: string): Promise<void> {
  const { rowCount } = await client.query(
    "INSERT INTO auth.external_identities (issuer, subject, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [issuer, subject, id],
  );
  if (rowCount !== 1) throw new Problem(409, "login-taken", { detail: "An account has this login already" });
}

async function register(client: PoolClient, become: Become, person: ExternalPerson): Promise<Account> {
  const { email, emailVerified, birthDate, name } = person;
  if (!email || !emailVerified || !birthDate) {
    const detail = "The issuer has to tell a verified address and the date of birth (scopes email and profile)";
    throw new Problem(422, "not-enough-known", { detail });
  }
  // A password that nobody has; the mail of the account can choose another.
  const passwordHash = await hashPassword(randomUUID());
  const { rows } = await client.query<{ id: string }>("SELECT platform.register($1, $2, $3) AS id", [
    email,
    passwordHash,
    birthDate,
  ]);
  const { id } = rows[0]!;
  await become(id, "user");
  await keep(client, person, id);
  const displayName = (name?.trim() || email.split("@")[0]!).slice(0, 50).trim();
  await client.query("INSERT INTO users.profiles (user_id, display_name) VALUES ($1, $2)", [id, displayName]);
  await client.query("UPDATE auth.users SET email_verified_at = now() WHERE id = $1", [id]);
  return { id, role: "user", locked_until: null };
}
