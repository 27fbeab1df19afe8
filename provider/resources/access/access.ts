import { differences } from "../../../lib/access/differences";
import type { Difference } from "../../../lib/access/difference";
import type { LiveState } from "../../../lib/access/live";
import { specMistakes } from "../../../lib/access/mistakes";
import type { AccessSpec } from "../../../lib/access/spec";
import { withSession, type Connection } from "../../../lib/postgres/session";
import {
  type Change,
  type Property,
  type Resource,
  type ResourceType,
  type Value,
  type Values,
  PartialFailure,
} from "../../frame/types";
import { hasUnknown } from "../../frame/values";
import { askIfReachable, connectionProperty } from "../connection";
import { driftChanges, driftMessage, driftProperty, driftTree } from "../drift";
import { reconcile, refusalsOf } from "./reconcile";
import { readAccessState } from "./state";

interface Inputs {
  connection: Connection;
  spec: AccessSpec;
}

const applicationName = "hma-access";

const map = (items: Property): Property => ({ type: "object", items });
const names: Property = { type: "array", items: { type: "string" }, set: true };
const flag: Property = { type: "boolean" };
const text: Property = { type: "string" };

/** The shape of lib/access/spec.ts. */
const spec: Property = {
  type: "object",
  required: true,
  properties: {
    roles: map({
      type: "object",
      properties: {
        login: flag,
        superuser: flag,
        createDatabase: flag,
        createRole: flag,
        replication: flag,
        bypassRowSecurity: flag,
        connectionLimit: { type: "number" },
        verifier: { type: "string", secret: true },
        memberOf: names,
        settings: map(text),
      },
    }),
    databases: map({
      type: "object",
      properties: { owner: { ...text, required: true }, privileges: map(names), settings: map(text) },
    }),
    schemas: map({
      type: "object",
      properties: {
        owner: { ...text, required: true },
        privileges: map(map(names)),
        exceptions: map(map(map(names))),
      },
    }),
  },
};

/**
 * The whole access state of a database server, compared with its spec in both directions at every preview and put
 * right by the next `pulumi up`: roles, memberships, owners, privileges on everything that carries any, default
 * privileges, settings of roles and databases, settings made by ALTER SYSTEM.
 */
export const access: ResourceType<unknown> = {
  properties: {
    /** As a superuser. */
    connection: connectionProperty,
    spec,
    /** By area or schema, and role. */
    drift: driftProperty,
  },

  check(inputs) {
    if (hasUnknown(inputs.spec)) return [];
    return specMistakes(specOf(inputs)).map(({ where, what, mend }) => ({
      property: `spec.${where}`,
      reason: `${what}; ${mend}`,
    }));
  },

  async diff({ state }, inputs, { signal, log }): Promise<Change[]> {
    if (hasUnknown(inputs.spec)) return [];
    const connections: Value[] = [inputs.connection!, state.connection!];
    const live = await askIfReachable(connections, applicationName, signal, readAccessState);
    if (!live) return [];
    const found = allDifferences(specOf(inputs), live);
    for (const { refusal } of found) if (refusal) log("warning", refusal);
    if (found.length > 0) log("info", driftMessage(found));
    return driftChanges(found);
  },

  create: (inputs, { signal }) => apply(inputs, signal),

  async read(id, state, { signal }) {
    if (!state.connection) throw new Error("cannot be imported: declare it, and pulumi up takes over what is there");
    const live = await askIfReachable([state.connection], applicationName, signal, readAccessState);
    return { id, state: live ? { ...state, drift: driftTree(allDifferences(specOf(state), live)) } : state };
  },

  update: (_old, inputs, { signal }) => apply(inputs, signal),

  /** Roles and grants go with what declares them, and with the data. */
  delete: async () => undefined,
};

async function apply(inputs: Values, signal: AbortSignal): Promise<Resource> {
  const { connection } = inputs as unknown as Inputs;
  const left = await withSession(connection, applicationName, signal, (client) => reconcile(client, specOf(inputs)));
  const resource = { id: `${connection.host}:${connection.port}`, state: { ...inputs, drift: driftTree(left) } };
  if (left.length > 0) throw new PartialFailure(resource, [refusalsOf(left).message]);
  return resource;
}

/** Parts that the program left out are empty. */
function specOf({ spec }: Values): AccessSpec {
  const { roles = {}, databases = {}, schemas = {} } = spec as unknown as Partial<AccessSpec>;
  const named = Object.entries(schemas).map(([name, schema]) => [
    name,
    { ...schema, privileges: schema.privileges ?? {} },
  ]);
  const granted = Object.entries(databases).map(([name, database]) => [
    name,
    { ...database, privileges: database.privileges ?? {} },
  ]);
  return { roles, databases: Object.fromEntries(granted), schemas: Object.fromEntries(named) };
}

/** Those of ALTER SYSTEM too, which have no place in a transaction. */
function allDifferences(spec: AccessSpec, live: LiveState): Difference[] {
  const system = live.systemSettings.map((name): Difference => ({
    path: ["settings", "ALTER SYSTEM", name],
    what: "extra",
    repair: [],
  }));
  return [...differences(spec, live), ...system];
}
