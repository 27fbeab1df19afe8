import type { ResourceType } from "../../provider/frame/types";

type Types<Client> = Record<string, ResourceType<Client>>;

/**
 * Resource types whose ids are names, made safe against their own namesakes: what was made in this run is not
 * deleted in it. That happens when a resource is replaced or renamed in the program and keeps its name on the
 * server: the new one finds the thing already there and takes it over, then the old one would delete it.
 */
export function keepMade<Client extends object>(types: Types<Client>): Types<Client> {
  const madeBy = new WeakMap<Client, Set<string>>();
  return Object.fromEntries(
    Object.entries(types).map(([token, type]): [string, ResourceType<Client>] => [
      token,
      {
        ...type,
        async create(inputs, context) {
          const resource = await type.create(inputs, context);
          const made = madeBy.get(context.client) ?? new Set();
          madeBy.set(context.client, made.add(`${token} ${resource.id}`));
          return resource;
        },
        async delete(old, context) {
          if (!madeBy.get(context.client)?.has(`${token} ${old.id}`)) await type.delete(old, context);
        },
      },
    ]),
  );
}
