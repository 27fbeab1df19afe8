import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "pg";
import { superuser } from "../../../catalog/roles";
import { signatureSql } from "../identity";
import { PlatformDatabase } from "../platform-database";
import type { CommonQuery } from "./common-queries";
import { explain, tellPlans, type Explained } from "./plans";

type Work<T> = (client: Client, values: unknown[]) => Promise<T>;

/** A server of its own with the project's schema and many rows in it. */
export class PopulatedDatabase {
  private constructor(readonly server: PlatformDatabase) {}

  /** @param people how many accounts; all else follows from that: tests/support/queries/many-rows.sql */
  static async start(people: number): Promise<PopulatedDatabase> {
    const server = await PlatformDatabase.start();
    try {
      await server.furnish();
      await server.migrate();
      await server.psql(`INSERT INTO internal.secrets (name, value) VALUES ('identity key', sha256('identity key'))`);
      const rows = await readFile(join(__dirname, "many-rows.sql"), "utf8");
      await server.psql(`SET hma.people = ${people}; ${rows}`);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return new PopulatedDatabase(server);
  }

  /** What a query reads, as its role under row-level security. */
  async explain(query: CommonQuery): Promise<Explained> {
    return this.asking(query, superuser, async (client, values) => {
      await tellPlans(client);
      await client.query(`SET LOCAL SESSION AUTHORIZATION ${query.role}`);
      // The first one of a session reads catalogs as well.
      await explain(client, query.sql, values);
      return explain(client, query.sql, values);
    });
  }

  /** Milliseconds of so many runs of a query one after the other in a session of its role, as a service sees them. */
  time(query: CommonQuery, runs: number): Promise<number[]> {
    return this.asking(query, query.role, async (client, values) => {
      const times: number[] = [];
      for (let run = 0; run < runs; run++) {
        const begun = performance.now();
        await client.query(query.sql, [...values]);
        times.push(performance.now() - begun);
      }
      return times;
    });
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** In a session of a role's and a transaction that says who asks, which is taken back. */
  private async asking<T>(query: CommonQuery, role: string, work: Work<T>): Promise<T> {
    const { identity, values } = await this.claims(query);
    const client = await this.server.connect(role);
    try {
      await client.query("BEGIN");
      await client.query("SELECT set_config('hma.identity', $1, true)", [identity]);
      return await work(client, values);
    } finally {
      await client.end();
    }
  }

  private async claims({ asking, values }: CommonQuery): Promise<{ identity: string; values: unknown[] }> {
    const roles = { person: "user", administrator: "admin", nobody: undefined };
    const claim = `md5('person 4321')::uuid || ':${roles[asking]}:4102444800'`;
    const identity = roles[asking] ? `${claim} || ':' || ${signatureSql(`'identity:' || ${claim}`)}` : "''";
    const client = await this.server.connect(superuser);
    try {
      const texts = values.map((value) => `(${value})::text`);
      const { rows } = await client.query({ text: `SELECT ${[identity, ...texts].join(", ")}`, rowMode: "array" });
      const [signed, ...rest] = rows[0] as string[];
      return { identity: signed!, values: rest };
    } finally {
      await client.end();
    }
  }
}
