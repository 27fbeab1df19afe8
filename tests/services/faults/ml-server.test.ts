import { afterAll, beforeAll } from "vitest";
import { MlServer } from "../ml-server/support/ml-server";
import { asShipped, newModelName, publish, shipped } from "../ml-server/support/models";
import { FaultyStores } from "../support/faulty-stores";
import { serviceConfig } from "../support/platform";
import { enduresFaults, UnderFaults } from "../support/under-faults";

/** What does not work without a store. */
const without = {
  database: { ready: 503, predict: 503, rollout: 503, analytics: 503 },
  cache: { ready: 503, login: 503 },
  objectStore: { ready: 503 },
};

const { features } = shipped.card.example.input;
const model = newModelName();
let stores: FaultyStores;
let ml: MlServer;
let underFaults: UnderFaults;

beforeAll(async () => {
  await publish(asShipped(model), { status: "active" });
  stores = await FaultyStores.start();
  ml = await MlServer.start(stores.before(serviceConfig("ml_server", "huntmaster-models")));
  ml.issuer.answer = { status: 200, body: { access_token: "a", refresh_token: "r", token_type: "bearer", expires_in: 900 } };
  let asked = 0;
  const another = () => features.map((value, i) => (i === 0 ? value + ++asked / 1000 : value));
  const rollout = `/admin/models/${model}/rollout`;
  const ask = {
    alive: () => ml.ask("GET", "/health", undefined, null),
    ready: () => ml.ask("GET", "/ready", undefined, null),
    models: () => ml.ask("GET", "/models", undefined, null),
    login: () => ml.ask("POST", "/auth/login", { email: "a@example.test", password: "x" }, null),
    predict: () => ml.predict(model, another()),
    rollout: () => ml.ask("PUT", rollout, { active: "1.0.0" }, ml.admin),
    analytics: () => ml.ask("GET", "/admin/analytics", undefined, ml.admin),
  };
  const all = Object.fromEntries(Object.keys(ask).map((name) => [name, 200]));
  underFaults = new UnderFaults(ask, all);
});
afterAll(async () => {
  await ml?.close();
  await stores?.stop();
});

enduresFaults("ML server", without, () => ({ stores, underFaults }));
