import type { ResourceType } from "../../provider/frame/types";

/**
 * Resource types whose ids are names, made safe against their own namesakes: what was made in this run is not
 * deleted in it. That happens when a resource is replaced or renamed in the program and keeps its name on the
 * server: the new one finds the thing already there and takes it over, then the old one would delete it.
 */
export function keepMade<Client>(types: Record<string, ResourceType<Client>>): Record<string, ResourceType<Client>> {
  const made = new Set<string>();
  return Object.fromEntries(
    Object.entries(types).map(([token, type]) => [
      token,
      {
        ...type,
        async create(inputs, context) {
          const resource = await type.create(inputs, context);
          made.add(`${token} ${resource.id}`);
          return resource;
        },
        async delete(old, context) {
          if (!made.has(`${token} ${old.id}`)) await type.delete(old, context);
        },
      } satisfies ResourceType<Client>,
    ]),
  );
}
