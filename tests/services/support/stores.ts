import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { Client as Minio } from "minio";
import { accessSpec } from "../../../catalog/access";
import { buckets } from "../../../catalog/buckets";
import { roleNames, superuser } from "../../../catalog/roles";
import { scramVerifier } from "../../../lib/scram";
import { hma } from "../../../provider/hma";
import { ThrowAwayAuthority } from "../../support/authority";
import { PlatformDatabase } from "../../support/platform-database";
import { ProviderDriver } from "../../support/provider-driver";
import { startMinio, startRedis } from "../../support/servers";

/** Where the stores are and how one logs in to them; plain data, for it travels from the set-up to the test files. */
export interface Stores {
  /** Certificate of their authority, PEM. */
  ca: string;
  identityKey: string;
  database: { host: string; port: number; name: string; password: Record<string, string> };
  cache: { host: string; port: number; password: Record<string, string> };
  objectStore: { endpoint: string; accessKey: string; secretKey: string };
}

const everyRole = [superuser, ...roleNames];
const passwordOf = (database: PlatformDatabase, role: string) => database.connection(role).password ?? "";
const identityKey = "identity-key-of-the-tests-of-services";

/** Postgres with the platform's schema and seeds, Redis, and MinIO with its buckets. */
export async function startStores(): Promise<{ stores: Stores; stop: () => Promise<void> }> {
  const authority = await ThrowAwayAuthority.create();
  const ca = authority.certificate;
  const started = await Promise.allSettled([startDatabase(authority), startRedis(authority), startMinio(authority)]);
  const stop = async () => {
    for (const result of started) if (result.status === "fulfilled") await result.value.stop();
  };
  const [database, cache, minio] = started;
  if (database.status === "rejected" || cache.status === "rejected" || minio.status === "rejected") {
    await stop();
    throw new AggregateError(started.flatMap((result) => (result.status === "rejected" ? [result.reason] : [])));
  }
  const { port, user, password } = minio.value;
  await makeBuckets(port, ca, user, password);
  const stores = {
    ca,
    identityKey,
    database: {
      host: "localhost",
      port: database.value.container.port,
      name: "huntmaster",
      password: Object.fromEntries(everyRole.map((role) => [role, passwordOf(database.value, role)])),
    },
    cache: { host: "localhost", port: cache.value.port, password: cache.value.passwords },
    objectStore: { endpoint: `https://localhost:${port}`, accessKey: user, secretKey: password },
  };
  return { stores, stop };
}

/** The database as a deployment leaves it, with the seeds in it. */
async function startDatabase(authority: ThrowAwayAuthority): Promise<PlatformDatabase> {
  const database = await PlatformDatabase.start({ authority });
  try {
    await database.furnish();
    await database.migrate();
    await open(database);
    for (const seed of ["reference", "test_users"]) {
      const sql = readFileSync(`sql/seeds/${seed}.sql`, "utf8");
      await database.psql(`SET search_path = pg_catalog, extensions, pg_temp;\n${sql}`);
    }
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** What a deployment does beside the migrations: secrets, and access to what they made. */
async function open(database: PlatformDatabase): Promise<void> {
  const driver = new ProviderDriver(hma);
  await driver.configure({});
  const secrets = {
    "identity key": identityKey,
    "personal data key": "personal-data-key-of-the-tests-of-services",
    "auditor password": passwordOf(database, "hma_auditor"),
  };
  await driver.create("DatabaseSecrets", { connection: { ...database.connection() }, secrets });
  const verifiers = everyRole.map((role) => [role, scramVerifier(passwordOf(database, role), role)]);
  const spec = accessSpec("huntmaster", Object.fromEntries(verifiers) as Record<string, string>);
  await driver.create("Access", database.access(spec));
}

async function makeBuckets(port: number, ca: string, accessKey: string, secretKey: string): Promise<void> {
  const transportAgent = new Agent({ ca });
  const client = new Minio({ endPoint: "localhost", port, accessKey, secretKey, transportAgent, region: "us-east-1" });
  for (const bucket of Object.keys(buckets)) await client.makeBucket(bucket);
  transportAgent.destroy();
}
