import type { PoolClient, QueryConfig, QueryResultRow } from "pg";
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
    return this.database.transaction(work, this.sayAs(person, origin));
  }

  /** One statement as a person, in a transaction and a round trip of its own. Its rows. */
  ask<Row extends QueryResultRow>(
    person: Pick<Person, "id" | "role">,
    origin: Origin,
    query: QueryConfig,
  ): Promise<Row[]> {
    return this.database.ask<Row>(query, this.sayAs(person, origin));
  }

  /**
   * The same as nobody yet: for what functions of schema platform let anybody do. When `work` has found out who it is,
   * it goes on as that person.
   */
  asNobody<T>(origin: Origin, work: (client: PoolClient, become: Become) => Promise<T>): Promise<T> {
    const goOn = (client: PoolClient) =>
      work(client, async (id, role) => {
        await client.query({ ...become, values: [this.signer.identity(id, role)] });
      });
    return this.database.transaction(goOn, whoAsks("", origin));
  }

  private sayAs({ id, role }: Pick<Person, "id" | "role">, origin: Origin): QueryConfig {
    return whoAsks(this.signer.identity(id, role), origin);
  }
}

const whoAsks = (identity: string, { requestId, ip, device }: Origin): QueryConfig => ({
  ...say,
  values: [identity, requestId, ip, device],
});
