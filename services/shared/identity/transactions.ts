import type { PoolClient } from "pg";
import type { Database } from "../stores/database";
import type { Origin, Person, PersonRole } from "./person";
import type { IdentitySigner } from "./signature";

const say = {
  name: "say who asks",
  text: `SELECT set_config('hma.identity', $1, true), set_config('hma.request_id', $2, true),
                set_config('hma.client_ip', $3, true), set_config('hma.device', $4, true)`,
};

const become = { name: "become", text: "SELECT set_config('hma.identity', $1, true)" };

/** Goes on as this person. */
export type Become = (id: string, role: PersonRole) => Promise<void>;

/** Transactions that say who asks: row-level security shows them what is theirs, and the audit log names them. */
export class Transactions {
  constructor(
    private readonly database: Database,
    private readonly signer: IdentitySigner,
  ) {}

  /** Runs `work` in a transaction as a person. Committed when it resolves, else rolled back. */
  asIdentity<T>(
    person: Pick<Person, "id" | "role">,
    origin: Origin,
    work: (client: PoolClient) => Promise<T>,
  ): Promise<T> {
    return this.transaction(this.signer.identity(person.id, person.role), origin, work);
  }

  /**
   * The same as nobody yet: for what functions of schema platform let anybody do. When `work` has found out who it is,
   * it goes on as that person.
   */
  asNobody<T>(origin: Origin, work: (client: PoolClient, become: Become) => Promise<T>): Promise<T> {
    return this.transaction("", origin, (client) =>
      work(client, async (id, role) => {
        await client.query({ ...become, values: [this.signer.identity(id, role)] });
      }),
    );
  }

  private transaction<T>(identity: string, origin: Origin, work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.database.transaction(async (client) => {
      await client.query({ ...say, values: [identity, origin.requestId, origin.ip, origin.device] });
      return work(client);
    });
  }
}
