import type { Context, Failure, Resource, ResourceType } from "../../../provider/frame/types";
import type { Server, Session } from "./connection";
import { findGrantee } from "./grant-state";
import { asMemberOf, roleExists } from "./membership";
import { allPrivileges, checkPrivileges, effectiveAcl, isGranted, keywords, privilegesIn } from "./privileges";
import { grantee, identifier } from "./quote";
import { inKnownOrder } from "./sets";

const objectTypes = ["table", "sequence", "function", "type", "schema"];

/** The letters of pg_default_acl, which are not quite those of acldefault(). */
const defaclTypes: Record<string, string> = { table: "r", sequence: "S", function: "f", type: "T", schema: "n" };

export interface DefaultPrivilegesValues {
  /** A role, or `public`. */
  role: string;
  database: string;
  /** Who makes the objects. */
  owner: string;
  /** Default: any schema. */
  schema?: string;
  objectType: string;
  privileges: string[];
  withGrantOption: boolean;
}

/** What a role may do with the objects that `owner` makes from now on. */
export const defaultPrivileges: ResourceType<Server> = {
  properties: {
    role: { type: "string", required: true, replace: true },
    database: { type: "string", required: true, replace: true },
    owner: { type: "string", required: true, replace: true },
    schema: { type: "string", replace: true },
    objectType: { type: "string", required: true, replace: true },
    /** Empty: none at all. */
    privileges: { type: "array", items: { type: "string" }, set: true, required: true },
    withGrantOption: { type: "boolean", default: false, replace: true },
  },
  // Taking the old one away last would take what both of them say.
  deleteBeforeReplace: true,

  check(inputs) {
    const failures: Failure[] = checkPrivileges(inputs, objectTypes);
    if (inputs["objectType"] === "schema" && inputs["schema"] !== undefined) {
      failures.push({
        property: "schema",
        reason: "must be left out for objectType schema: there is none within another",
      });
    }
    if (inputs["role"] === "public" && inputs["withGrantOption"] === true) {
      failures.push({ property: "withGrantOption", reason: "cannot be given to public" });
    }
    return failures;
  },

  create: (inputs, context) => set(inputs as unknown as DefaultPrivilegesValues, context),

  update: (_old, inputs, context) => set(inputs as unknown as DefaultPrivilegesValues, context),

  read(id, state, context) {
    const known = state as unknown as DefaultPrivilegesValues;
    if (!known.role)
      throw new Error(
        `default privileges ${id} cannot be imported: declare them, creating them changes nothing that is so already`,
      );
    return within(known, context, async (session) => {
      const granted = await readGranted(session, known);
      // Nothing at all means gone, as in the official provider.
      if (!granted || (granted.length === 0 && known.privileges.length > 0)) return undefined;
      return resource(session, known, granted);
    });
  },

  async delete(old, context) {
    const known = old.state as unknown as DefaultPrivilegesValues;
    await within(known, context, async (session) => {
      const exists = (await findGrantee(session, known)) !== undefined && (await roleExists(session, known.owner));
      if (exists) await change(session, known.owner, [revokeDefaults(known)]);
    });
  },
};

function set(wanted: DefaultPrivilegesValues, context: Context<Server>): Promise<Resource> {
  return within(wanted, context, async (session) => {
    await change(session, wanted.owner, [revokeDefaults(wanted), ...grantDefaults(wanted)]);
    return resource(session, wanted, (await readGranted(session, wanted)) ?? []);
  });
}

async function change(session: Session, owner: string, statements: string[]): Promise<void> {
  await asMemberOf(session, [owner], async () => {
    for (const statement of statements) await session.query(statement);
  });
}

export function grantDefaults(wanted: DefaultPrivilegesValues): string[] {
  if (wanted.privileges.length === 0) return [];
  const privileges = keywords(wanted.objectType, wanted.privileges);
  const option = wanted.withGrantOption ? " WITH GRANT OPTION" : "";
  return [`${alter(wanted)} GRANT ${privileges} ON ${plural(wanted)} TO ${grantee(wanted.role)}${option}`];
}

export function revokeDefaults(wanted: DefaultPrivilegesValues): string {
  return `${alter(wanted)} REVOKE ALL ON ${plural(wanted)} FROM ${grantee(wanted.role)}`;
}

function alter({ owner, schema }: DefaultPrivilegesValues): string {
  const inSchema = schema === undefined ? "" : ` IN SCHEMA ${identifier(schema)}`;
  return `ALTER DEFAULT PRIVILEGES FOR ROLE ${identifier(owner)}${inSchema}`;
}

function plural({ objectType }: DefaultPrivilegesValues): string {
  return `${objectType.toUpperCase()}S`;
}

function within<T>(
  { database }: DefaultPrivilegesValues,
  { client, signal }: Context<Server>,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return client.transaction({ signal, database }, work);
}

/** What `role` gets; nothing if the role, the owner or the schema does not exist. */
async function readGranted(session: Session, known: DefaultPrivilegesValues): Promise<string[] | undefined> {
  const { owner, schema, objectType } = known;
  const role = await findGrantee(session, known);
  if (role === undefined || !(await roleExists(session, owner))) return undefined;
  // Without an entry for all schemas Postgres' own defaults hold, e.g. that everybody may call every function. What
  // is said for one schema comes on top of those.
  const acl = schema === undefined ? effectiveAcl(objectType, "defaclacl", "r.oid") : "defaclacl";
  const [row] = await session.query<{ granted: string[] }>(
    `SELECT ${privilegesIn(acl, "$1::oid")} AS granted
     FROM pg_roles r LEFT JOIN pg_default_acl d ON defaclrole = r.oid AND defaclobjtype = $2
       AND defaclnamespace = coalesce((SELECT oid FROM pg_namespace WHERE nspname = $3), 0)
     WHERE rolname = $4`,
    [role, defaclTypes[objectType], schema ?? null, owner],
  );
  return row?.granted;
}

async function resource(session: Session, known: DefaultPrivilegesValues, granted: string[]): Promise<Resource> {
  const all = known.privileges.includes("ALL") ? await allPrivileges(session, known.objectType) : [];
  const privileges = isGranted(granted, known.privileges, all)
    ? known.privileges
    : inKnownOrder(granted, known.privileges);
  const { role, database, schema = "noschema", owner, objectType } = known;
  return {
    id: [role, database, schema, owner, objectType].join("_"),
    state: { ...known, privileges },
  };
}
