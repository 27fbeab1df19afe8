import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheUsers, type CacheUser } from "../../catalog/cache";
import { redisAclFile } from "../../catalog/redis-acl";
import { scramVerifier } from "../../lib/scram";
import { ThrowAwayAuthority } from "./authority";
import { TestContainer } from "./test-container";

interface TestServer {
  host: string;
  port: number;
  user: string;
  password: string;
  /** Path of the authority's certificate. */
  caFile: string;
  stop(): Promise<void>;
}

export interface PostgresServer extends TestServer {
  database: string;
}

/** A PostgreSQL server of the project's image: TLS only, empty database `huntmaster`. */
export async function startPostgres(): Promise<PostgresServer> {
  const [user, database, password] = ["hma_admin", "huntmaster", newPassword()];
  const authority = await ThrowAwayAuthority.create();
  const container = await TestContainer.start({
    image: "postgres",
    uid: 10001,
    secrets: await authority.serverFiles("postgres"),
    environment: { POSTGRES_USER: user, POSTGRES_DB: database },
    data: "/var/lib/postgresql/data",
    port: 5432,
  });
  const psql = ["psql", "--quiet", "--username", user, "--dbname", database];
  const statement = `ALTER ROLE ${user} PASSWORD '${scramVerifier(password, "test")}'`;
  await container.until(() => container.exec(psql, statement));
  return { user, database, password, ...(await reachable(container, authority)) };
}

/**
 * A Redis server of the project's image: TLS only, with the catalog's users, whose passwords these are.
 *
 * @param given authority that its certificate is to come from
 */
export async function startRedis(given?: ThrowAwayAuthority) {
  const authority = given ?? (await ThrowAwayAuthority.create());
  const users = Object.keys(cacheUsers) as CacheUser[];
  const passwords = Object.fromEntries(users.map((user) => [user, newPassword()])) as Record<CacheUser, string>;
  const container = await TestContainer.start({
    image: "redis",
    uid: 10002,
    secrets: {
      ...(await authority.serverFiles("redis")),
      "users.acl": redisAclFile(cacheUsers, passwords),
      "admin-password": passwords.hma_admin,
    },
    data: "/data",
    port: 6379,
  });
  await container.until(() => container.exec(["redis-cli", "-e", "ping"]));
  return { container, passwords, ...(await reachable(container, authority)) };
}

/**
 * A MinIO server of the project's image: TLS only, no buckets.
 *
 * @param given authority that its certificate is to come from
 */
export async function startMinio(given?: ThrowAwayAuthority): Promise<TestServer> {
  const [user, password] = ["hma_admin", newPassword()];
  const authority = given ?? (await ThrowAwayAuthority.create());
  const container = await TestContainer.start({
    image: "minio",
    uid: 10003,
    secrets: { ...(await authority.serverFiles("minio")), "root-user": user, "root-password": password },
    data: "/data",
    port: 9000,
  });
  await container.until(() => isLive(container.port, authority.certificate));
  return { user, password, ...(await reachable(container, authority)) };
}

async function reachable(container: TestContainer, { certificate }: ThrowAwayAuthority) {
  const folder = await mkdtemp(join(tmpdir(), "hma-test-"));
  const caFile = join(folder, "ca.crt");
  await writeFile(caFile, certificate);
  const stop = async () => {
    await container.stop();
    await rm(folder, { recursive: true });
  };
  return { host: "localhost", port: container.port, caFile, stop };
}

function isLive(port: number, ca: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: "localhost", port, path: "/minio/health/live", ca }, (answer) => {
      answer.resume();
      if (answer.statusCode === 200) resolve();
      else reject(new Error(`health check says ${answer.statusCode}`));
    }).on("error", reject);
  });
}

function newPassword(): string {
  return randomBytes(18).toString("base64url");
}
