import { createHash } from "node:crypto";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { kept } from "../../toolchain/bootstrap/cache";
import { run } from "../../toolchain/bootstrap/commands";
import { project } from "../../toolchain/bootstrap/places";
import { step } from "../../toolchain/bootstrap/progress";
import { pythonPackages } from "../../toolchain/python/packages";
import { docker, image } from "../support/docker";
import { ServiceProcess, type Settings } from "./service-process";
import { shipped, type BenchStores } from "./service-stores";

const issuer = "http://localhost:8090";
const pinned = join(project, "tests/bench/service-peers");

export interface Servers {
  bridge: ServiceProcess;
  ml: ServiceProcess;
  peer: ServiceProcess;
  stop(): Promise<void>;
}

/** Our two services, as their images have them, and the peer: one process each, beside each other on this machine. */
export async function startServers(bench: BenchStores, folder: string): Promise<Servers> {
  const started: ServiceProcess[] = [];
  const stop = async () => {
    for (const server of started.reverse()) await server.stop();
  };
  const start = async (...args: Parameters<typeof ServiceProcess.start>) => {
    const server = await ServiceProcess.start(...args);
    started.push(server);
    return server;
  };
  try {
    const bridge = await start(await ours("content-bridge", folder), settings(bench, "content_bridge"), join(folder, "1"), "/ready");
    const ml = await start(await ours("ml-server", folder), settings(bench, "ml_server", bridge.url), join(folder, "2"), "/ready");
    const peer = await start(await uvicorn(), settings(bench, "content_bridge", bridge.url), join(folder, "3"), "/openapi.json");
    return { bridge, ml, peer, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function settings({ stores, tokenKey }: BenchStores, user: string, issuerUrl = issuer): Settings {
  const { database, cache, objectStore } = stores;
  return {
    environment: {
      NODE_ENV: "production",
      ...{ DATABASE_HOST: database.host, DATABASE_PORT: String(database.port), DATABASE_NAME: database.name, DATABASE_USER: "hma_app" },
      ...{ REDIS_HOST: cache.host, REDIS_PORT: String(cache.port), REDIS_USERNAME: user, REDIS_CACHE_DB: "0" },
      ...{ MINIO_ENDPOINT: objectStore.endpoint, MINIO_PUBLIC_ENDPOINT: objectStore.endpoint },
      ...{ MINIO_BUCKET: user === "ml_server" ? "huntmaster-models" : "huntmaster-media", MINIO_UPLOADS_BUCKET: "huntmaster-uploads" },
      ...{ TOKEN_ISSUER: issuer, ISSUER_URL: issuerUrl },
      MODEL: join(project, shipped.file, ".."),
    },
    secrets: {
      "ca.crt": stores.ca,
      "database-password": database.password["hma_app"]!,
      "redis-password": cache.password[user]!,
      "minio-access-key": objectStore.accessKey,
      "minio-secret-key": objectStore.secretKey,
      "identity-key": stores.identityKey,
      "token-keys": tokenKey,
    },
  };
}

/** What the image of a service runs, out of the image. */
async function ours(name: "content-bridge" | "ml-server", folder: string) {
  const container = await docker("create", await image(name, "services", `${name}/Dockerfile`));
  const app = join(folder, name);
  try {
    await docker("cp", `${container}:/app`, app);
  } finally {
    await docker("rm", container);
  }
  return (): [string, string] => [process.execPath, join(app, "main.js")];
}

async function uvicorn() {
  const packages = await pythonPackages("service-peer", "tests/bench/service-peers/requirements.txt");
  const main = ["-m", "uvicorn", "app:app", "--app-dir", pinned, "--workers", "1"];
  return (port: number): [string, ...string[]] => ["env", `PYTHONPATH=${packages}`, "python3", ...main, "--port", String(port)];
}

/** autocannon, as tests/bench/service-peers pins it. @returns its node_modules */
export async function loadTool(): Promise<string> {
  const lock = "package-lock.json";
  const key = createHash("sha256").update(readFileSync(join(pinned, lock))).digest("hex").slice(0, 12);
  const folder = await kept("load-tool", key, (part) =>
    step("Installing the load tool", async () => {
      for (const file of ["package.json", lock]) copyFileSync(join(pinned, file), join(part, file));
      await run("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: part });
    }),
  );
  return join(folder, "node_modules");
}
