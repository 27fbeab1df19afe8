import type { ResourceType } from "../../../provider/frame/types";
import type { Minio } from "./client";
import { checkName } from "./names";

interface AttachmentValues {
  userName: string;
  policyName: string;
}

export const iamUserPolicyAttachment: ResourceType<Minio> = {
  properties: {
    policyName: { type: "string", required: true, replace: true },
    userName: { type: "string", required: true, replace: true },
  },

  check: ({ userName, policyName }) => [...checkName("userName", userName), ...checkName("policyName", policyName)],

  async create(inputs, { client, signal }) {
    const { userName, policyName } = inputs as unknown as AttachmentValues;
    await client.run(signal, ({ admin }) => admin.changePolicy("attach", userName, policyName));
    return { id: `${userName}/${policyName}`, state: { userName, policyName } };
  },

  async read(id, state, { client, signal }) {
    const { userName, policyName } = state["userName"] ? (state as unknown as AttachmentValues) : parts(id);
    const user = await client.run(signal, ({ admin }) => admin.userInfo(userName));
    const attached = user?.policyName?.split(",").includes(policyName) ?? false;
    return attached ? { id, state: { userName, policyName } } : undefined;
  },

  async delete(old, { client, signal }) {
    const { userName, policyName } = old.state as unknown as AttachmentValues;
    await client.run(signal, async ({ admin }) => {
      // A user that is gone has taken its attachments with it.
      if (await admin.userInfo(userName)) await admin.changePolicy("detach", userName, policyName);
    });
  },
};

function parts(id: string): AttachmentValues {
  const [userName, policyName, ...rest] = id.split("/");
  if (!userName || !policyName || rest.length > 0) {
    throw new Error(`"${id}" is no id of an attachment: write <user>/<policy>`);
  }
  return { userName, policyName };
}
