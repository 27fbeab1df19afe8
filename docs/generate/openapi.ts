import { generateKeyPairSync } from "node:crypto";
import { createApp as createBridge } from "../../services/content-bridge/app";
import { createApp as createMlServer } from "../../services/ml-server/app";
import type { ServiceConfig } from "../../services/shared/config";
import type { Server } from "../../services/shared/http/types";
import { createLog, type Log } from "../../services/shared/log";

/** Nothing listens there: a document is made of schemas, and no store is asked. */
const nowhere = { host: "localhost", port: 1 };

const config: ServiceConfig = {
  port: 0,
  logLevel: "fatal",
  telemetry: {},
  ca: "",
  database: { ...nowhere, name: "none", user: "none", password: "none" },
  cache: { ...nowhere, user: "none", password: "none", number: 0 },
  objectStore: {
    endpoint: new URL("https://127.0.0.1:1"),
    publicEndpoint: new URL("https://127.0.0.1:1"),
    ...{ bucket: "none", accessKey: "none", secretKey: "none" },
  },
  identityKey: "none",
  issuer: "http://localhost:8090",
  simulations: true,
};

const inference = { limit: 1, registryEveryMs: 60_000 };
const oidc = { issuer: new URL("https://issuer.invalid"), clientId: "none" };

/** The services, each with everything that it can have switched on. */
const services: Record<string, (log: Log) => Promise<Server>> = {
  "content-bridge": (log) =>
    createBridge({ ...config, tokenKeys: newKey(), insights: true, oidc, uploadsBucket: "none", sources: [] }, log),
  "ml-server": (log) => createMlServer({ ...config, issuerUrl: new URL("http://127.0.0.1:1"), inference }, log),
};

/** docs/openapi/<service>.json: what each service serves at /openapi.json. */
export async function renderOpenApi(): Promise<Record<string, string>> {
  const documents = Object.entries(services).map(async ([name, create]) => {
    const server = await create(createLog({ name, version: "0" }, { write: () => undefined }));
    try {
      await server.ready();
      return [`openapi/${name}.json`, `${JSON.stringify(server.swagger(), null, 2)}\n`] as const;
    } finally {
      await server.close();
    }
  });
  return Object.fromEntries(await Promise.all(documents));
}

const newKey = () => generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;
