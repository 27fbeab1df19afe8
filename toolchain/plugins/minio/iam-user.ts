import { randomBytes } from "node:crypto";
import type { Failure, ResourceType } from "../../../provider/frame/types";
import type { Minio } from "./client";
import { checkName } from "./names";

interface IamUserValues {
  /** The access key. */
  name: string;
  /** The secret key, of 8 to 40 characters. Default: one is generated. */
  secret: string;
  disableUser: boolean;
  /** Whether every update generates a new secret key. */
  updateSecret: boolean;
  forceDestroy: boolean;
}

export const iamUser: ResourceType<Minio> = {
  properties: {
    name: { type: "string", required: true, replace: true },
    secret: { type: "string", computed: true, optionalInput: true, secret: true },
    disableUser: { type: "boolean", default: false },
    updateSecret: { type: "boolean", default: false },
    /** Taken for the official provider's sake, which deletes such a user at any update: leave it out. */
    forceDestroy: { type: "boolean", default: false },
    status: { type: "string", computed: true },
  },

  check({ name, secret }) {
    const failures: Failure[] = checkName("name", name);
    if (typeof secret === "string" && (secret.length < 8 || secret.length > 40)) {
      failures.push({ property: "secret", reason: `has ${secret.length} characters: MinIO takes 8 to 40` });
    }
    return failures;
  },

  create(inputs, { client, signal }) {
    const wanted = inputs as unknown as IamUserValues;
    return set(client, signal, { ...wanted, secret: wanted.secret || newSecret() });
  },

  update(old, inputs, { client, signal }) {
    const wanted = inputs as unknown as IamUserValues;
    const kept = wanted.secret || (old.state as unknown as IamUserValues).secret;
    return set(client, signal, { ...wanted, secret: wanted.updateSecret ? newSecret() : kept });
  },

  async read(id, state, { client, signal }) {
    const found = await client.run(signal, ({ admin }) => admin.userInfo(id));
    if (!found) return undefined;
    const { status } = found;
    return { id, state: { ...state, name: id, status, disableUser: status === "disabled" } };
  },

  delete: ({ id }, { client, signal }) => client.run(signal, ({ admin }) => admin.removeUser(id)),
};

async function set(client: Minio, signal: AbortSignal, wanted: IamUserValues) {
  const { name, secret, disableUser } = wanted;
  const status = disableUser ? "disabled" : "enabled";
  await client.run(signal, ({ admin }) => admin.setUser(name, secret, status));
  return { id: name, state: { ...wanted, status } };
}

/** 40 characters. */
function newSecret(): string {
  return randomBytes(30).toString("base64url");
}
