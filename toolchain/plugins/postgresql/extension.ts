import type { Context, Resource, ResourceType } from "../../../provider/frame/types";
import type { Server, Session } from "./connection";
import { drop } from "./drop";
import { identifier } from "./quote";

interface ExtensionValues {
  name: string;
  /** Default: the extension's own, or else the first of the user's search path. */
  schema?: string;
  /** Default: what the server's package says. */
  version?: string;
  /** Default: the provider's. */
  database?: string;
  /** Whether destroying it also drops what depends on it. */
  dropCascade: boolean;
  /** Whether extensions that it needs are made along with it. */
  createCascade: boolean;
}

export const extension: ResourceType<Server> = {
  properties: {
    name: { type: "string", required: true, replace: true },
    schema: { type: "string", computed: true, optionalInput: true },
    version: { type: "string", computed: true, optionalInput: true },
    database: { type: "string", computed: true, optionalInput: true, replace: true },
    dropCascade: { type: "boolean", default: false },
    createCascade: { type: "boolean", default: false },
  },

  create(inputs, context) {
    const wanted = inputs as unknown as ExtensionValues;
    return within(wanted, context, async (session) => {
      const options = [
        wanted.schema ? ` SCHEMA ${identifier(wanted.schema)}` : "",
        wanted.version ? ` VERSION ${identifier(wanted.version)}` : "",
        wanted.createCascade ? " CASCADE" : "",
      ].join("");
      // Without a schema of its own it goes where the user's search path says.
      await session.query("SET LOCAL search_path TO DEFAULT");
      await session.query(`CREATE EXTENSION IF NOT EXISTS ${identifier(wanted.name)}${options}`);
      return required(await readExtension(session, wanted.name, wanted));
    });
  },

  read(id, state, context) {
    const known = state as Partial<ExtensionValues>;
    const [database, name] = known.name ? [known.database, known.name] : idParts(id);
    return within({ database }, context, (session) => readExtension(session, name, known));
  },

  update(old, inputs, context) {
    const before = old.state as unknown as ExtensionValues;
    const wanted = inputs as unknown as ExtensionValues;
    const name = identifier(wanted.name);
    return within(before, context, async (session) => {
      if (wanted.version && wanted.version !== before.version) {
        await session.query(`ALTER EXTENSION ${name} UPDATE TO ${identifier(wanted.version)}`);
      }
      if (wanted.schema && wanted.schema !== before.schema) {
        await session.query(`ALTER EXTENSION ${name} SET SCHEMA ${identifier(wanted.schema)}`);
      }
      return required(await readExtension(session, wanted.name, wanted));
    });
  },

  delete(old, context) {
    const { database, name, dropCascade } = old.state as unknown as ExtensionValues;
    return within({ database }, context, (session) => drop(session, "EXTENSION", name, dropCascade));
  },
};

function within<T>(
  { database }: { database?: string | undefined },
  { client, signal }: Context<Server>,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return client.transaction({ signal, database }, work);
}

async function readExtension(
  session: Session,
  name: string,
  known: Partial<ExtensionValues>,
): Promise<Resource | undefined> {
  const [row] = await session.query<{ schema: string; version: string }>(
    `SELECT nspname AS schema, extversion AS version
     FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = $1`,
    [name],
  );
  if (!row) return undefined;
  const { dropCascade = false, createCascade = false } = known;
  return {
    id: `${session.database}.${name}`,
    state: { name, ...row, database: session.database, dropCascade, createCascade },
  };
}

function required(found: Resource | undefined): Resource {
  if (!found)
    throw new Error("the extension vanished while it was being made: another transaction dropped it; run again");
  return found;
}

function idParts(id: string): [string, string] {
  const [database, name, ...rest] = id.split(".");
  if (!database || !name || rest.length > 0) {
    throw new Error(`"${id}" is no id of an extension: write <database>.<extension>, e.g. huntmaster.pgcrypto`);
  }
  return [database, name];
}
