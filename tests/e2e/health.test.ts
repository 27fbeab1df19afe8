import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "node:https";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { buckets, type Bucket } from "../../catalog/buckets";
import { cacheDatabases } from "../../catalog/cache";
import { containers, type ContainerKind } from "../../catalog/containers";
import type { StackOutputs } from "../../outputs";
import { project } from "../../toolchain/bootstrap/places";
import { execute, pulumi, testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";
import { exec, inspectAll, inspectServing, nameOf } from "../support/stack-containers";

let outputs: StackOutputs;
let clients: StackClients;

beforeAll(async () => {
  outputs = await testOutputs();
  clients = new StackClients(outputs);
});

const container = (kind: ContainerKind) => outputs.containers[kind] ?? "";

/** Status of an HTTPS page whose server is verified. */
const statusOf = (url: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const sent = request(url, { ca: clients.ca, timeout: 10_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer from ${url}`))).on("error", reject);
    sent.end();
  });

describe("the containers", () => {
  it("are those of the outputs, healthy, and were never restarted", async () => {
    let serving = await inspectServing();
    // Docker asks for the first time when they have been there for a while.
    while (serving.some(({ State }) => State.Health?.Status === "starting")) {
      await sleep(500);
      serving = await inspectServing();
    }
    const states = serving.map((found) => [nameOf(found), found.State.Health?.Status, found.RestartCount]);
    expect(Object.keys(outputs.containers).sort()).toEqual(Object.keys(containers).sort());
    expect(states.sort()).toEqual(Object.values(outputs.containers).sort().map((name) => [name, "healthy", 0]));
  });

  it("that take secret files were never started", async () => {
    const loaders = (await inspectAll()).filter(({ HostConfig }) => HostConfig.RestartPolicy?.Name === "no");
    expect(loaders).toHaveLength(Object.keys(containers).length);
    for (const { State } of loaders) expect(State).toMatchObject({ Status: "created" });
  });
});

describe("the services", () => {
  it.each(["contentBridge", "mlServer"] as const)("%s is alive, and can work with all its stores", async (name) => {
    const { url } = clients.endpoint(name);
    expect((await fetch(`${url}/`)).status).toBe(200);
    const health = await fetch(`${url}/ready`);
    const { dependencies } = (await health.json()) as { dependencies: Record<string, { status: string }> };
    expect(health.status).toBe(200);
    const up = { status: "up" };
    expect(dependencies).toMatchObject({ database: up, cache: up, object_store: up });
  });

  it("write their logs as JSON, for `docker logs`", async () => {
    const { stdout } = await execute("docker", ["logs", container("content-bridge")]);
    const lines = stdout.trim().split("\n");
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty("level");
  });
});

describe("the admin tools", () => {
  it("Adminer shows its login page", async () => {
    const page = await fetch(clients.endpoint("adminer").url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("Adminer");
  });

  it("Redis Commander shows its empty page to anybody, and data to nobody without its password", async () => {
    const { url } = clients.endpoint("redisCommander");
    const { username, password } = clients.credential("redisCommander.admin");
    const data = (headers = {}) => fetch(`${url}/apiv2/server/info`, { headers });
    const signIn = async (secret: string) => {
      const answer = await fetch(`${url}/signin`, { method: "POST", body: new URLSearchParams({ username, password: secret }) });
      return (await answer.json()) as { ok: boolean; bearerToken?: string };
    };
    expect((await fetch(url)).status).toBe(200);
    expect((await data()).status).toBe(401);
    expect((await signIn("wrong")).ok).toBe(false);
    const { bearerToken } = await signIn(password);
    expect((await data({ authorization: `Bearer ${bearerToken}` })).status).toBe(200);
  });

  it("the console of the object storage answers over TLS", async () => {
    expect(await statusOf(clients.endpoint("minioConsole").url)).toBe(200);
  });
});

describe("the daily commands, as the requirements write them", () => {
  it("docker exec -it hma_postgres psql -U hma_admin -d huntmaster", async () => {
    const command = ["psql", "-U", "hma_admin", "-d", "huntmaster", "-c", "SELECT current_user || '@' || current_database()"];
    const { code, output } = await exec(container("postgres"), command, { terminal: true });
    expect(output).toContain("hma_admin@huntmaster");
    expect(code).toBe(0);
  });

  it("docker exec -it hma_redis redis-cli", async () => {
    const { code, output } = await exec(container("redis"), ["redis-cli", "ping"], { terminal: true });
    expect(output.trim()).toBe("PONG");
    expect(code).toBe(0);
  });
});

describe("the migrations", () => {
  const all = readdirSync(join(project, "sql/migrations")).map((file) => basename(file, ".sql"));
  const files = all.filter((name) => !name.endsWith(".down"));

  it("are applied, all of them, in order", () => {
    expect(outputs.migrations).toEqual(files.sort());
  });

  it("have made what the services read", async () => {
    const read = "SELECT FROM auth.users, content.assets, ml_infrastructure.model_registry LIMIT 0";
    await expect(clients.asRole("hma_app", (client) => client.query(read))).resolves.toBeDefined();
  });
});

describe("the outputs", () => {
  const text = z.string().min(1);
  const endpoint = z.strictObject({ title: text, url: z.url(), host: z.literal("127.0.0.1"), port: z.int() });
  const credential = z.strictObject({ username: text, password: z.string().min(32) });
  // `satisfies`, so that this follows outputs.ts.
  const shape = z.strictObject({
    endpoints: z.record(text, endpoint),
    credentials: z.record(text, credential),
    database: text,
    buckets: z.array(z.enum(Object.keys(buckets) as Bucket[])),
    redisDatabases: z.strictObject({
      cache: z.literal(cacheDatabases.cache),
      queues: z.literal(cacheDatabases.queues),
    }),
    certificateAuthority: z.strictObject({ file: text, pem: z.string().startsWith("-----BEGIN CERTIFICATE-----") }),
    containers: z.record(z.enum(Object.keys(containers) as ContainerKind[]), text),
    migrations: z.array(text),
  }) satisfies z.ZodType<StackOutputs>;

  it("are what outputs.ts declares", () => {
    expect(shape.parse(outputs)).toEqual(outputs);
  });

  it("show no secret unless they are asked for", async () => {
    const plain = await pulumi(["stack", "output", "--json"]);
    const { credentials } = JSON.parse(plain.stdout) as StackOutputs;
    const shown = Object.values(credentials).map(({ password }) => password);
    expect(new Set(shown)).toEqual(new Set(["[secret]"]));
    const table = await pulumi(["stack", "output"]);
    expect(table.stdout).toContain("[secret]");
    for (const { password } of Object.values(outputs.credentials)) {
      expect([plain.stdout, plain.stderr, table.stdout, table.stderr].join()).not.toContain(password);
    }
  });
});
