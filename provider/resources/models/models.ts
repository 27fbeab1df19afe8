import type { StoreConnection } from "../../../lib/object-store";
import type { ModelCard } from "../../../lib/models";
import { withSession, type Connection } from "../../../lib/postgres/session";
import { inTransaction } from "../../../lib/postgres/transaction";
import type { Change, Property, Resource, ResourceType, Values } from "../../frame/types";
import { hasUnknown, pathOf } from "../../frame/values";
import { askIfReachable, connectionProperty } from "../connection";
import { activateFirst, asRegistered, readRegistry, register } from "./registry";
import { store, storedIfReachable, type Weights } from "./weights";

interface Inputs {
  connection: Connection;
  store: StoreConnection;
  bucket: string;
  models: Record<string, Weights & { card: string }>;
}

const applicationName = "hma-models";
const text: Property = { type: "string", required: true };

/**
 * The versions of models that the project ships: weights in the bucket, a row each in the registry. Of a model that has
 * no active version, the last one becomes active. A version that is not declared any more stays: predictions name it.
 */
export const models: ResourceType<unknown> = {
  properties: {
    /** As the application. */
    connection: connectionProperty,
    /** As who publishes weights. */
    store: {
      type: "object",
      required: true,
      properties: { endpoint: text, accessKey: text, secretKey: { ...text, secret: true }, caFile: text },
    },
    bucket: text,
    /** By name and version, in the order in which they were released; each with the JSON of its card. */
    models: {
      type: "object",
      required: true,
      items: { type: "object", properties: { objectKey: text, file: text, card: text } },
    },
  },

  async diff({ state }, inputs, { signal }): Promise<Change[]> {
    if (hasUnknown(inputs.models) || hasUnknown(inputs.store)) return [];
    const { store, bucket, models } = inputs as unknown as Inputs;
    const live = await askIfReachable([inputs.connection!, state.connection!], applicationName, signal, readRegistry);
    if (!live) return [];
    const stored = await storedIfReachable(store, bucket, Object.values(models));
    return Object.entries(released(models))
      .filter(([id, model]) => live.get(id) !== asRegistered(model) || stored?.has(model.objectKey) === false)
      .map(([id]) => ({ path: pathOf("models", id), kind: "update" }));
  },

  create: (inputs, { signal }) => publish(inputs, signal),

  read: (id, state) => Promise.resolve({ id, state }),

  update: (_old, inputs, { signal }) => publish(inputs, signal),

  /** They go with the data. */
  delete: async () => undefined,
};

/** Weights first: whoever finds a version in the registry finds them. */
async function publish(inputs: Values, signal: AbortSignal): Promise<Resource> {
  const { connection, store: into, bucket, models } = inputs as unknown as Inputs;
  await store(into, bucket, Object.values(models));
  const all = Object.values(released(models));
  await withSession(connection, applicationName, signal, (client) =>
    inTransaction(client, [], async () => {
      for (const model of all) await register(client, model);
      const last = new Map(all.map(({ card }) => [card.name, card]));
      for (const card of last.values()) await activateFirst(client, card);
    }),
  );
  return { id: bucket, state: inputs };
}

const released = (models: Inputs["models"]) =>
  Object.fromEntries(
    Object.entries(models).map(([id, { objectKey, card }]) => [id, { objectKey, card: JSON.parse(card) as ModelCard }]),
  );
