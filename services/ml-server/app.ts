import { createRemoteJWKSet } from "jose";
import { Counter } from "prom-client";
import { version } from "../package.json";
import { createServer } from "../shared/http/server";
import type { Server } from "../shared/http/types";
import { AccessTokens } from "../shared/identity/access-token";
import { IdentitySigner } from "../shared/identity/signature";
import { Transactions } from "../shared/identity/transactions";
import { Limits } from "../shared/limits";
import type { Log } from "../shared/log";
import { Cache } from "../shared/stores/cache";
import { Database } from "../shared/stores/database";
import { ObjectStore } from "../shared/stores/object-store";
import type { MlConfig } from "./config";
import { Models } from "./models/models";
import { Answers } from "./predictions/answers";
import { Latencies } from "./predictions/latencies";
import { Predictor } from "./predictions/predictor";
import { Recorder } from "./predictions/recorder";
import { reportUsage } from "./routes/analytics";
import { passOnLogins } from "./routes/login";
import { listModels } from "./routes/models";
import { answerQuestions } from "./routes/predict";
import { setRollouts } from "./routes/rollout";

export const name = "ml-server";

const api = { title: "ML Server", description: "Models of Hunt Master Academy, and what they say", version: "1.0.0" };

/** The model server: it lists models and asks them. */
export async function createApp(config: MlConfig, log: Log): Promise<Server> {
  const database = new Database(config, name, log);
  const cache = new Cache(config, name, log);
  const objectStore = new ObjectStore(config);
  const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", config.issuerUrl), { timeoutDuration: 2000 });
  const tokens = new AccessTokens(keys, config.issuer, database);
  const { server, metrics } = await createServer({
    service: { name, version },
    api,
    dependencies: [database, cache, objectStore],
    authenticate: (token) => tokens.authenticate(token),
    simulations: config.simulations,
    log,
  });

  const signer = new IdentitySigner(config.identityKey);
  const transactions = new Transactions(database, signer);
  const limits = new Limits(cache);
  const models = new Models(database, objectStore, config.inference.registryEveryMs, log);
  const dropped = new Counter({
    name: "predictions_dropped_total",
    help: "Answers that were given and are not on record",
    registers: [metrics],
  });
  const recorder = new Recorder(database, signer, dropped, log);
  const latencies = new Latencies(database, log);
  const predictor = new Predictor(models, new Answers(cache), recorder, latencies, config.inference.limit, metrics);

  listModels(server, models);
  answerQuestions(server, predictor, limits);
  setRollouts(server, models, transactions);
  reportUsage(server, models, transactions);
  passOnLogins(server, config.issuerUrl, limits);

  server.addHook("onReady", () => models.refresh());
  // Before the stores are closed: what is registered last is closed first.
  server.addHook("onClose", async () => {
    await Promise.all([models.close(), recorder.close(), latencies.close()]);
  });
  return server;
}
