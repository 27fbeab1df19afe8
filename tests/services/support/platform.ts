import { generateKeyPairSync, randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { Client } from "pg";
import pino from "pino";
import { inject } from "vitest";
import type { BridgeConfig } from "../../../services/content-bridge/config";
import { createApp as createBridge } from "../../../services/content-bridge/app";
import type { ServiceConfig } from "../../../services/shared/config";
import type { Server } from "../../../services/shared/http/types";
import { createLog, type Log } from "../../../services/shared/log";

/** What a service that runs in the test's own process is told, on the stores of this run. */
export function serviceConfig(cacheUser: string, bucket: string): ServiceConfig {
  const { ca, identityKey, database, cache, objectStore } = inject("stores");
  const { host, port, name } = database;
  return {
    port: 0,
    logLevel: "warn",
    telemetry: {},
    ca,
    database: { host, port, name, user: "hma_app", password: database.password["hma_app"]! },
    cache: { host: cache.host, port: cache.port, user: cacheUser, password: cache.password[cacheUser]!, number: 0 },
    objectStore: {
      ...objectStore,
      endpoint: new URL(objectStore.endpoint),
      publicEndpoint: new URL(objectStore.endpoint),
      bucket,
    },
    identityKey,
    issuer: "http://localhost:8090",
    simulations: true,
  };
}

export const newTokenKey = () =>
  generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;

export const bridgeConfig = (overrides: Partial<BridgeConfig> = {}): BridgeConfig => ({
  ...serviceConfig("content_bridge", "huntmaster-media"),
  tokenKeys: newTokenKey(),
  insights: true,
  uploadsBucket: "huntmaster-uploads",
  sources: [],
  ...overrides,
});

/** A service that listens on a free port. */
export interface Running {
  server: Server;
  url: string;
  /** Lines of its log. */
  log: Record<string, unknown>[];
  close(): Promise<void>;
}

/** Starts a service in this process, and waits until it is ready: `run((log) => createApp(config, log))`. */
export async function run(create: (log: Log) => Promise<Server>): Promise<Running> {
  const lines: Record<string, unknown>[] = [];
  const destination: pino.DestinationStream = {
    write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  };
  const server = await create(createLog({ name: "test", version: "0" }, destination));
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  // Connections to the stores are made in the background.
  while ((await fetch(`${url}/ready`)).status !== 200) await sleep(50);
  return { server, url, log: lines, close: () => server.close() };
}

export const startBridge = (overrides: Partial<BridgeConfig> = {}): Promise<Running> =>
  run((log) => createBridge(bridgeConfig(overrides), log));

/** A session of the superuser, to look and to prepare. */
export async function asSuperuser<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const { ca, database } = inject("stores");
  const { host, port, name, password } = database;
  const client = new Client({
    ...{ host, port, database: name, user: "hma_admin", password: password["hma_admin"] },
    ssl: { ca },
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A connection of a service to the cache, to look and to prepare. */
export async function asCacheUser<T>(user: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const { ca, cache } = inject("stores");
  const { host, port, password } = cache;
  const client = new Redis({ host, port, username: user, password: password[user]!, tls: { ca, servername: host } });
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

/** Nobody else's address. */
export const newEmail = () => `${randomUUID()}@example.test`;
