import type { Context, Resource, ResourceType } from "../../../provider/frame/types";
import type { Server, Session } from "./connection";
import { drop } from "./drop";
import { asMemberOf } from "./membership";
import { identifier } from "./quote";

interface SchemaValues {
  name: string;
  /** Default: the provider's. */
  database?: string;
  /** Default: whoever makes it. */
  owner?: string;
  /** Whether one that exists already is taken over, rather than refused. */
  ifNotExists: boolean;
  /** Whether destroying it also drops what is in it; otherwise only an empty one can be destroyed. */
  dropCascade: boolean;
}

export const schema: ResourceType<Server> = {
  properties: {
    name: { type: "string", required: true },
    database: { type: "string", computed: true, optionalInput: true, replace: true },
    owner: { type: "string", computed: true, optionalInput: true },
    ifNotExists: { type: "boolean", default: true },
    dropCascade: { type: "boolean", default: false },
  },

  create(inputs, context) {
    const wanted = inputs as unknown as SchemaValues;
    return within(wanted, context, async (session) => {
      const owner = await ownerOf(session, wanted.name);
      if (owner === undefined) {
        const authorization = wanted.owner ? ` AUTHORIZATION ${identifier(wanted.owner)}` : "";
        await asMemberOf(session, owners(wanted.owner), () =>
          session.query(`CREATE SCHEMA ${identifier(wanted.name)}${authorization}`),
        );
      } else {
        if (!wanted.ifNotExists) {
          throw new Error(
            `schema "${wanted.name}" exists already: choose another name, or set ifNotExists to take it over`,
          );
        }
        await setOwner(session, owner, wanted);
      }
      return required(await readSchema(session, wanted.name, wanted));
    });
  },

  read(id, state, context) {
    const known = state as Partial<SchemaValues>;
    const [database, name] = known.name ? [known.database, known.name] : idParts(id);
    return within({ database }, context, (session) => readSchema(session, name, known));
  },

  update(old, inputs, context) {
    const before = old.state as unknown as SchemaValues;
    const wanted = inputs as unknown as SchemaValues;
    return within(before, context, async (session) => {
      if (before.name !== wanted.name) {
        await session.query(`ALTER SCHEMA ${identifier(before.name)} RENAME TO ${identifier(wanted.name)}`);
      }
      await setOwner(session, before.owner, wanted);
      return required(await readSchema(session, wanted.name, wanted));
    });
  },

  delete(old, context) {
    const { database, name, owner, dropCascade } = old.state as unknown as SchemaValues;
    return within({ database }, context, async (session) => {
      await asMemberOf(session, owners(owner), () => drop(session, "SCHEMA", name, dropCascade));
    });
  },
};

function within<T>(
  { database }: { database?: string | undefined },
  { client, signal }: Context<Server>,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return client.transaction({ signal, database }, work);
}

async function ownerOf(session: Session, name: string): Promise<string | undefined> {
  const [row] = await session.query<{ owner: string }>(
    "SELECT pg_get_userbyid(nspowner)::text AS owner FROM pg_namespace WHERE nspname = $1",
    [name],
  );
  return row?.owner;
}

async function setOwner(session: Session, before: string | undefined, { name, owner }: SchemaValues): Promise<void> {
  if (!owner || owner === before) return;
  await asMemberOf(session, [...owners(before), owner], () =>
    session.query(`ALTER SCHEMA ${identifier(name)} OWNER TO ${identifier(owner)}`),
  );
}

function owners(owner: string | undefined): string[] {
  return owner ? [owner] : [];
}

async function readSchema(session: Session, name: string, known: Partial<SchemaValues>): Promise<Resource | undefined> {
  const owner = await ownerOf(session, name);
  if (owner === undefined) return undefined;
  const { ifNotExists = true, dropCascade = false } = known;
  return {
    id: `${session.database}.${name}`,
    state: { name, database: session.database, owner, ifNotExists, dropCascade },
  };
}

function required(found: Resource | undefined): Resource {
  if (!found) throw new Error("the schema vanished while it was being made: another transaction dropped it; run again");
  return found;
}

function idParts(id: string): [string, string] {
  const [database, name, ...rest] = id.split(".");
  if (!database || !name || rest.length > 0) {
    throw new Error(`"${id}" is no id of a schema: write <database>.<schema>, e.g. huntmaster.auth`);
  }
  return [database, name];
}
