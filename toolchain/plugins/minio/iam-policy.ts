import type { ResourceType } from "../../../provider/frame/types";
import type { Minio } from "./client";
import { checkName } from "./names";
import { checkPolicy, samePolicy } from "./policy";

interface IamPolicyValues {
  name: string;
  /** JSON. */
  policy: string;
}

export const iamPolicy: ResourceType<Minio> = {
  properties: {
    name: { type: "string", required: true, replace: true },
    policy: { type: "string", required: true, same: samePolicy },
  },

  check: ({ name, policy }) => [...checkName("name", name), ...checkPolicy(policy)],

  create: (inputs, { client, signal }) => set(client, signal, inputs as unknown as IamPolicyValues),

  update: (_old, inputs, { client, signal }) => set(client, signal, inputs as unknown as IamPolicyValues),

  async read(id, state, { client, signal }) {
    const { policy: known } = state as Partial<IamPolicyValues>;
    const found = await client.run(signal, ({ admin }) => admin.policy(id));
    if (found === undefined) return undefined;
    return { id, state: { name: id, policy: known !== undefined && samePolicy(known, found) ? known : found.trim() } };
  },

  delete: ({ id }, { client, signal }) => client.run(signal, ({ admin }) => admin.removePolicy(id)),
};

async function set(client: Minio, signal: AbortSignal, { name, policy }: IamPolicyValues) {
  await client.run(signal, ({ admin }) => admin.setPolicy(name, policy));
  return { id: name, state: { name, policy } };
}
