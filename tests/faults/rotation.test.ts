import { randomBytes, randomUUID } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import type { CredentialName, StackOutputs } from "../../outputs";
import { readState } from "../../toolchain/bootstrap/checkpoint";
import { docker } from "../support/stack-containers";
import { StackClients } from "../support/stack-clients";
import { testOutputs } from "../support/stack";
import { preview } from "./support/preview";
import { mendIfFailed, StackRuns } from "./support/stack-runs";

/** What is rotated, by the resource that generates it. */
const rotated: Record<string, CredentialName> = {
  "postgres-superuser-password": "postgres.hma_admin",
  "postgres-hma_app-password": "postgres.hma_app",
  "redis-content_bridge-password": "redis.content_bridge",
  "minio-content-bridge-password": "minio.content-bridge",
  "minio-root-password": "minio.root",
};

const bucket = "huntmaster-uploads";
const key = `cache:${randomUUID()}`;
const object = `rotation/${randomUUID()}`;
const address = `${randomBytes(8).toString("hex")}@example.org`;

/** A use of each, with the credentials of `clients`. */
const uses = (clients: StackClients): Record<string, () => Promise<unknown>> => ({
  "postgres.hma_admin": () => clients.asRole("hma_admin", (client) => client.query("SELECT 1")),
  "postgres.hma_app": () => clients.asRole("hma_app", (client) => client.query("SELECT FROM auth.users LIMIT 1")),
  "redis.content_bridge": () => clients.asCacheUser("content_bridge", (client) => client.get(key)),
  "minio.content-bridge": () => clients.minio("content-bridge").getObject(bucket, object),
  "minio.root": () => clients.minio("root").listBuckets(),
});

const volumesOf = (outputs: StackOutputs) =>
  Promise.all(
    (["postgres", "redis", "minio"] as const).map(async (kind) => {
      const { CreatedAt } = (await docker.getVolume(`${outputs.containers[kind]}_data`).inspect()) as { CreatedAt?: string };
      return CreatedAt;
    }),
  );

beforeEach(mendIfFailed);

it("rotates passwords in one up: the old ones are refused, the new ones work, and the data is kept", async () => {
  const before = await testOutputs();
  const old = new StackClients(before);
  const volumes = await volumesOf(before);
  const insert = "SELECT platform.register($1, 'x', '1980-01-01')";
  await old.asRole("hma_app", (client) => client.query(insert, [address]));
  await old.asCacheUser("content_bridge", (client) => client.set(key, "kept"));
  await old.minio("content-bridge").putObject(bucket, object, "kept");

  const runs = new StackRuns();
  const urns = ((await readState(runs.stack))?.resources ?? []).map(({ urn }) => urn);
  const replaced = urns.filter((urn) => urn.split("::").at(-1)! in rotated);
  expect(replaced).toHaveLength(Object.keys(rotated).length);
  await runs.pulumi("up", "--yes", "--skip-preview", ...replaced.flatMap((urn) => ["--replace", urn])).ending();

  const after = await testOutputs();
  const current = new StackClients(after);
  for (const name of Object.values(rotated)) {
    expect(current.credential(name).password, name).not.toBe(old.credential(name).password);
    await expect(uses(old)[name]!(), `the old ${name}`).rejects.toThrow(/authentication failed|WRONGPASS|signature/i);
    await expect(uses(current)[name]!(), `the new ${name}`).resolves.toBeDefined();
  }

  expect(await volumesOf(after)).toEqual(volumes);
  const select = "DELETE FROM auth.users WHERE email = $1 RETURNING email";
  expect((await current.asRole("hma_admin", (client) => client.query(select, [address]))).rowCount).toBe(1);
  expect(await current.asCacheUser("content_bridge", (client) => client.getdel(key))).toBe("kept");
  await current.minio("content-bridge").removeObject(bucket, object);

  for (const service of ["contentBridge", "mlServer"] as const) {
    expect((await fetch(`${current.endpoint(service).url}/ready`)).status).toBe(200);
  }
  expect(await preview()).toEqual([]);
});
