import type { Context, Failure, Property, ResourceType, Value } from "../../../provider/frame/types";
import type { Server, Session } from "./connection";
import { asMemberOf, roleExists } from "./membership";
import { identifier } from "./quote";
import { alterRole, createRole } from "./role-sql";
import { asValues, readRole, type RoleValues } from "./role-state";

const names: Property = { type: "array", items: { type: "string" } };

export const role: ResourceType<Server> = {
  properties: {
    name: { type: "string", required: true },
    superuser: { type: "boolean", default: false },
    inherit: { type: "boolean", default: true },
    login: { type: "boolean", default: false },
    createDatabase: { type: "boolean", default: false },
    createRole: { type: "boolean", default: false },
    replication: { type: "boolean", default: false },
    bypassRowLevelSecurity: { type: "boolean", default: false },
    connectionLimit: { type: "number", default: -1 },
    password: { type: "string", secret: true },
    encryptedPassword: { type: "boolean", default: true },
    validUntil: { type: "string", default: "infinity", same: (a, b) => instant(a) === instant(b) },
    searchPaths: names,
    statementTimeout: { type: "number" },
    idleInTransactionSessionTimeout: { type: "number" },
    roles: { ...names, set: true },
    assumeRole: { type: "string" },
    skipDropRole: { type: "boolean", default: false },
    skipReassignOwned: { type: "boolean", default: false },
  },

  check(inputs) {
    const failures: Failure[] = [];
    const refuse = (property: string, reason: string) => failures.push({ property, reason });
    const { name, connectionLimit, encryptedPassword, searchPaths } = inputs;
    if (typeof name === "string" && (name === "" || name === "public" || name === "none" || name.startsWith("pg_"))) {
      refuse("name", `"${name}" is reserved by Postgres: choose another`);
    }
    if (encryptedPassword === false)
      refuse("encryptedPassword", "must be true: Postgres stores no plain passwords any more");
    if (isBelow(connectionLimit, -1)) refuse("connectionLimit", "must be -1 (no limit) or more");
    for (const property of ["statementTimeout", "idleInTransactionSessionTimeout"]) {
      if (isBelow(inputs[property], 0)) refuse(property, "must be 0 (the server's own) or more milliseconds");
    }
    if (Array.isArray(searchPaths) && searchPaths.some((path) => typeof path === "string" && path.includes(", "))) {
      refuse("searchPaths", 'must not contain ", ": give one schema an item');
    }
    return failures;
  },

  create(inputs, context) {
    const wanted = inputs as unknown as RoleValues;
    return within(context, async (session, read) => {
      const existing = await read(wanted.name, {});
      if (existing?.superuser) {
        throw new Error(`role "${wanted.name}" exists already and is a superuser: choose another name, or import it`);
      }
      // As after a run that was killed between making it and recording it.
      if (existing) context.log("warning", `role "${wanted.name}" existed already and was taken over`);
      const statements = existing ? alterRole(existing, wanted) : createRole(wanted);
      for (const statement of statements) await session.query(statement);
      return required(await read(wanted.name, wanted));
    });
  },

  read(id, state, context) {
    const known = state as Partial<RoleValues>;
    return within(context, async (_session, read) => {
      const found = await read(known.name ?? id, known);
      return found && resource(found);
    });
  },

  update(old, inputs, context) {
    const wanted = inputs as unknown as RoleValues;
    return within(context, async (session, read) => {
      for (const statement of alterRole(old.state, wanted)) await session.query(statement);
      return required(await read(wanted.name, wanted));
    });
  },

  delete(old, context) {
    const { name, skipReassignOwned, skipDropRole } = old.state as unknown as RoleValues;
    return within(context, async (session) => {
      if (!(await roleExists(session, name))) return;
      if (!skipReassignOwned) {
        await asMemberOf(session, [name], async () => {
          await session.query(`REASSIGN OWNED BY ${identifier(name)} TO CURRENT_USER`);
          await session.query(`DROP OWNED BY ${identifier(name)}`);
        });
      }
      if (!skipDropRole) await session.query(`DROP ROLE ${identifier(name)}`);
    });
  },
};

type Read = (name: string, known: Partial<RoleValues>) => Promise<RoleValues | undefined>;

function within<T>(context: Context<Server>, work: (session: Session, read: Read) => Promise<T>): Promise<T> {
  const { client, signal } = context;
  return client.transaction({ signal }, (session) =>
    work(session, (name, known) => readRole(session, name, known, client.settings.superuser)),
  );
}

function required(found: RoleValues | undefined) {
  if (!found) throw new Error("the role vanished while it was being made: another transaction dropped it; run again");
  return resource(found);
}

function resource(found: RoleValues) {
  return { id: found.name, state: asValues(found) };
}

function isBelow(value: Value | undefined, least: number): boolean {
  return typeof value === "number" && (value < least || !Number.isInteger(value));
}

/** When a password ends, in milliseconds since 1970; what JavaScript cannot read stands for itself. */
function instant(value: Value): Value {
  if (typeof value !== "string") return value;
  if (value === "" || value.toLowerCase() === "infinity") return Infinity;
  const time = Date.parse(value.replace(/([+-]\d\d)$/, "$1:00"));
  return Number.isNaN(time) ? value : time;
}
