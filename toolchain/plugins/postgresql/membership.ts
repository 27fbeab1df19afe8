import type { Session } from "./connection";
import { identifier } from "./quote";

/**
 * Runs `work` as a member of `roles`: only their members may change what they own, unless they are superusers. What
 * was granted for it is revoked in the same transaction. Superusers cannot be joined by others and are skipped.
 */
export async function asMemberOf(session: Session, roles: string[], work: () => Promise<unknown>): Promise<void> {
  const missing = await session.query<{ name: string }>(
    `SELECT r.rolname AS name FROM pg_roles r, pg_roles me
     WHERE me.rolname = current_user AND NOT me.rolsuper AND NOT r.rolsuper
       AND r.rolname = ANY ($1) AND r.oid <> me.oid AND r.rolname <> 'pg_database_owner'
       AND NOT EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = r.oid AND m.member = me.oid
         -- From Postgres 16 on, whoever makes a role is a member that may only administer it.
         AND coalesce((to_jsonb(m) ->> 'set_option')::boolean, true))`,
    [roles],
  );
  for (const { name } of missing) await session.query(`GRANT ${identifier(name)} TO CURRENT_USER`);
  await work();
  for (const { name } of missing) {
    if (await roleExists(session, name)) await session.query(`REVOKE ${identifier(name)} FROM CURRENT_USER`);
  }
}

export async function roleExists(session: Session, name: string): Promise<boolean> {
  return (await session.query("SELECT FROM pg_roles WHERE rolname = $1", [name])).length > 0;
}
