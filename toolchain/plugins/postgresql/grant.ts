import type { Context, Failure, Property, Resource, ResourceType, Values } from "../../../provider/frame/types";
import type { Server, Session } from "./connection";
import { findGrantee, grantedOn, ownersOf, type GrantValues } from "./grant-state";
import { grantStatements, revokeStatements, signaturesOf } from "./grant-sql";
import { asMemberOf } from "./membership";
import { allPrivileges, checkPrivileges, isGranted } from "./privileges";
import { inKnownOrder } from "./sets";

const objectTypes = ["database", "schema", "table", "sequence", "function"];
const names: Property = { type: "array", items: { type: "string" }, set: true };

/** What one role may do with a database, a schema, or all or some of the objects in a schema: this and nothing else. */
export const grant: ResourceType<Server> = {
  properties: {
    role: { type: "string", required: true, replace: true },
    database: { type: "string", required: true, replace: true },
    schema: { type: "string", replace: true },
    objectType: { type: "string", required: true, replace: true },
    /** Names; functions may carry their argument types, as in `area(geometry)`. Absent: all there are. */
    objects: { ...names, replace: true },
    /** Empty: none at all. */
    privileges: { ...names, required: true },
    withGrantOption: { type: "boolean", default: false, replace: true },
  },
  // Taking the old one away last would take what both of them say.
  deleteBeforeReplace: true,

  check: (inputs) => [...checkPrivileges(inputs, objectTypes), ...checkTarget(inputs)],

  create: (inputs, context) => set(inputs as unknown as GrantValues, context),

  update: (_old, inputs, context) => set(inputs as unknown as GrantValues, context),

  read(id, state, context) {
    const known = state as unknown as GrantValues;
    if (!known.role)
      throw new Error(`grant ${id} cannot be imported: declare it, creating it changes nothing that is so already`);
    return within(known, context, (session) => readGrant(session, known, context));
  },

  async delete(old, context) {
    const grant = old.state as unknown as GrantValues;
    await within(grant, context, async (session) => {
      if ((await findGrantee(session, grant)) === undefined) return;
      await change(session, grant, revokeStatements(grant, await signaturesOf(session, grant)));
    });
  },
};

function checkTarget({ objectType, schema, objects, role, withGrantOption }: Values): Failure[] {
  const failures: Failure[] = [];
  if (objectType !== "database" && schema === undefined) {
    failures.push({ property: "schema", reason: `is required for objectType ${String(objectType)}` });
  }
  if ((objectType === "database" || objectType === "schema") && Array.isArray(objects) && objects.length > 0) {
    failures.push({ property: "objects", reason: `must be left out for objectType ${objectType}` });
  }
  if (role === "public" && withGrantOption === true) {
    failures.push({ property: "withGrantOption", reason: "cannot be given to public" });
  }
  return failures;
}

/** Revokes what is there and grants what is wanted in one transaction, so that nobody is without in between. */
async function set(wanted: GrantValues, context: Context<Server>): Promise<Resource> {
  const made = await within(wanted, context, async (session) => {
    const oid = await findGrantee(session, wanted);
    if (oid === undefined) return undefined;
    const signatures = await signaturesOf(session, wanted);
    const granted = new Set((await grantedOn(session, wanted, oid)).flatMap((object) => object.granted));
    const before = { ...wanted, privileges: [...granted] };
    await change(session, wanted, [...revokeStatements(before, signatures), ...grantStatements(wanted, signatures)]);
    return readGrant(session, wanted, context);
  });
  if (made) return made;
  const { role, database, schema } = wanted;
  throw new Error(
    `there is no role "${role}", database "${database}" or schema "${schema}": make the grant depend on them`,
  );
}

async function change(session: Session, grant: GrantValues, statements: string[]): Promise<void> {
  await asMemberOf(session, await ownersOf(session, grant), async () => {
    for (const statement of statements) await session.query(statement);
  });
}

/** In the grant's own database. If that is gone, so is the grant. */
async function within<T>(
  { database }: GrantValues,
  { client, signal }: Context<Server>,
  work: (session: Session) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await client.transaction({ signal, database }, work);
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: { code?: string } };
    if ((code ?? cause?.code) === "3D000") return undefined;
    throw error;
  }
}

async function readGrant(
  session: Session,
  known: GrantValues,
  { log }: Context<Server>,
): Promise<Resource | undefined> {
  const oid = await findGrantee(session, known);
  if (oid === undefined) return undefined;
  const all = known.privileges.includes("ALL") ? await allPrivileges(session, known.objectType) : [];
  // One object that differs is enough to grant anew: which one, the log says.
  const other = (await grantedOn(session, known, oid)).find(
    ({ granted }) => !isGranted(granted, known.privileges, all),
  );
  if (other) {
    log("warning", `${known.role} has ${other.granted.join(", ") || "nothing"} on ${known.objectType} ${other.name}`);
  }
  return {
    id: idOf(known),
    state: { ...known, privileges: other ? inKnownOrder(other.granted, known.privileges) : known.privileges },
  };
}

function idOf({ role, database, schema, objectType, objects = [] }: GrantValues): string {
  const target = objectType === "database" ? [] : [schema ?? ""];
  return [role, database, ...target, objectType, ...objects].join("_");
}
