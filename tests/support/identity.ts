import { createHmac } from "node:crypto";
import type { Client } from "pg";
import type { StackClients } from "./stack-clients";

/** Who a service says is asking. */
export interface Identity {
  user: string;
  role?: "user" | "admin";
  /** Seconds since 1970; default in a minute. */
  expires?: number;
}

/** Signs identities as the services do, with the stack's own key. */
export class IdentitySigner {
  constructor(private readonly key: Buffer) {}

  static async of(clients: StackClients): Promise<IdentitySigner> {
    const { rows } = await clients.asRole("hma_admin", (client) =>
      client.query<{ value: Buffer }>("SELECT value FROM internal.secrets WHERE name = 'identity key'"),
    );
    return new IdentitySigner(rows[0]!.value);
  }

  /** The value of setting hma.identity. */
  sign({ user, role = "user", expires = Math.floor(Date.now() / 1000) + 60 }: Identity): string {
    const claim = `${user}:${role}:${expires}`;
    return `${claim}:${this.hmac(`identity:${claim}`)}`;
  }

  hmac(message: string): string {
    return createHmac("sha256", this.key).update(message).digest("hex");
  }
}

/** SQL of a signature in hex, for who may read the key; `message` is SQL too. */
export const signatureSql = (message: string) =>
  `(SELECT encode(extensions.hmac(convert_to(${message}, 'UTF8'), value, 'sha256'), 'hex')
     FROM internal.secrets WHERE name = 'identity key')`;

/** Runs `work` in a transaction that says who asks, and takes it back. */
export async function asking<T>(client: Client, identity: string, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    await client.query("SELECT set_config('hma.identity', $1, true)", [identity]);
    return await work();
  } finally {
    await client.query("ROLLBACK");
  }
}
