import { createRemoteJWKSet } from "jose";
import { version } from "../package.json";
import { createServer } from "../shared/http/server";
import type { Server } from "../shared/http/types";
import { AccessTokens } from "../shared/identity/access-token";
import type { Log } from "../shared/log";
import { Cache } from "../shared/stores/cache";
import { Database } from "../shared/stores/database";
import { ObjectStore } from "../shared/stores/object-store";
import type { MlConfig } from "./config";

export const name = "ml-server";

const api = { title: "ML Server", description: "Models of Hunt Master Academy, and what they say", version: "1.0.0" };

/** The model server: it lists models and asks them. */
export async function createApp(config: MlConfig, log: Log): Promise<Server> {
  const database = new Database(config, name, log);
  const cache = new Cache(config, name, log);
  const objectStore = new ObjectStore(config);
  const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", config.issuerUrl), { timeoutDuration: 2000 });
  const tokens = new AccessTokens(keys, config.issuer, database);
  const { server } = await createServer({
    service: { name, version },
    api,
    dependencies: [database, cache, objectStore],
    authenticate: (token) => tokens.authenticate(token),
    simulations: config.simulations,
    log,
  });
  return server;
}
