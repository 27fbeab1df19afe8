import type { Context, Resource, ResourceType } from "../../../provider/frame/types";
import type { Server, Session } from "./connection";
import { roleExists } from "./membership";
import { identifier } from "./quote";

interface GrantRoleValues {
  /** The role that becomes a member. */
  role: string;
  /** The role that it becomes a member of. */
  grantRole: string;
  withAdminOption: boolean;
}

/** One membership, leaving others alone: for undeclared roles, as a declared `Role` says all of its own. */
export const grantRole: ResourceType<Server> = {
  properties: {
    role: { type: "string", required: true, replace: true },
    grantRole: { type: "string", required: true, replace: true },
    withAdminOption: { type: "boolean", default: false, replace: true },
  },
  // Taking the old one away last would take what both of them say.
  deleteBeforeReplace: true,

  create(inputs, context) {
    const wanted = inputs as unknown as GrantRoleValues;
    return within(context, async (session) => {
      await session.query(revoke(wanted));
      const option = wanted.withAdminOption ? " WITH ADMIN OPTION" : "";
      await session.query(`GRANT ${identifier(wanted.grantRole)} TO ${identifier(wanted.role)}${option}`);
      const found = await readMembership(session, wanted);
      if (!found) throw new Error(`${wanted.role} did not become a member of ${wanted.grantRole}: run again`);
      return found;
    });
  },

  read(id, state, context) {
    const known = state as unknown as GrantRoleValues;
    if (!known.role)
      throw new Error(
        `membership ${id} cannot be imported: declare it, creating it changes nothing that is so already`,
      );
    return within(context, (session) => readMembership(session, known));
  },

  delete(old, context) {
    const known = old.state as unknown as GrantRoleValues;
    return within(context, async (session) => {
      const exist = (await roleExists(session, known.role)) && (await roleExists(session, known.grantRole));
      if (exist) await session.query(revoke(known));
    });
  },
};

function revoke({ role, grantRole }: GrantRoleValues): string {
  return `REVOKE ${identifier(grantRole)} FROM ${identifier(role)}`;
}

function within<T>({ client, signal }: Context<Server>, work: (session: Session) => Promise<T>): Promise<T> {
  return client.transaction({ signal }, work);
}

async function readMembership(session: Session, { role, grantRole }: GrantRoleValues): Promise<Resource | undefined> {
  // Several when several roles have granted it.
  const [row] = await session.query<{ admin: boolean | null }>(
    `SELECT bool_or(admin_option) AS admin FROM pg_auth_members
     WHERE pg_get_userbyid(member) = $1 AND pg_get_userbyid(roleid) = $2`,
    [role, grantRole],
  );
  if (!row || row.admin === null) return undefined;
  return { id: `${role}_${grantRole}_${row.admin}`, state: { role, grantRole, withAdminOption: row.admin } };
}
