import { version } from "../package.json";
import { createServer } from "../shared/http/server";
import type { Server } from "../shared/http/types";
import { AccessTokens } from "../shared/identity/access-token";
import { Tokens } from "../shared/identity/login";
import { IdentitySigner } from "../shared/identity/signature";
import { Transactions } from "../shared/identity/transactions";
import { Limits } from "../shared/limits";
import type { Log } from "../shared/log";
import { Cache } from "../shared/stores/cache";
import { Database } from "../shared/stores/database";
import { ObjectStore } from "../shared/stores/object-store";
import { loginRoute } from "./auth/login";
import { simulateMail } from "./auth/mail";
import { Mailer } from "./auth/smtp";
import { passwordResetRoutes } from "./auth/password-reset";
import { registerRoute } from "./auth/register";
import { Sessions } from "./auth/sessions";
import { jobHealthRoute } from "./jobs/health";
import { jobRoutes } from "./jobs/routes";
import { syncRoute } from "./jobs/sync";
import { uploadRoutes } from "./uploads/routes";
import { Staging } from "./uploads/staging";
import { Uploads } from "./uploads/uploads";
import { webhookRoutes } from "./webhooks/routes";
import { readTokenKeys } from "./auth/token-keys";
import { tokenRoutes } from "./auth/tokens";
import type { BridgeConfig } from "./config";
import { itemRoute } from "./content/item";
import { manifestRoute } from "./content/manifest";
import { DailyAdvice } from "./insights/daily-advice";
import { insightRoutes } from "./insights/routes";
import { OidcIssuer } from "./oidc/issuer";
import { oidcRoutes } from "./oidc/routes";
import { adminRoutes } from "./users/admin";
import { profileRoutes } from "./users/profile";

export const name = "content-bridge";

const api = {
  title: "Content Bridge",
  description: "Accounts, profiles and content of Hunt Master Academy",
  version: "1.3.0",
};

/** The content service: it issues the platform's access tokens, keeps profiles and serves content. */
export async function createApp(config: BridgeConfig, log: Log): Promise<Server> {
  const keys = await readTokenKeys(config.tokenKeys);
  const database = new Database(config, name, log);
  const cache = new Cache(config, name, log);
  const objectStore = new ObjectStore(config);
  const tokens = new AccessTokens(keys.find, config.issuer, database);
  const signer = new IdentitySigner(config.identityKey);
  const transactions = new Transactions(database, signer);
  const limits = new Limits(cache);
  const sessions = new Sessions(transactions, keys, config.issuer);
  const { uploadsBucket: bucket } = config;
  const staging = new Staging(new ObjectStore({ ...config, objectStore: { ...config.objectStore, bucket } }));
  const { server, metrics } = await createServer({
    service: { name, version },
    api,
    dependencies: [database, cache, objectStore],
    authenticate: (token) => tokens.authenticate(token),
    simulations: config.simulations,
    log,
  });
  server.addSchema(Tokens);
  registerRoute(server, transactions, limits);
  loginRoute(server, { transactions, signer, sessions, limits });
  tokenRoutes(server, { transactions, sessions, tokens, keys });
  const mailer = config.mail && new Mailer(config.mail, config.ca, metrics, log);
  server.addHook("onClose", () => mailer?.close());
  const sendMail = mailer?.send ?? (config.simulations ? simulateMail(server) : undefined);
  passwordResetRoutes(server, { transactions, signer, limits, sendMail });
  if (config.oidc) {
    const issuer = new OidcIssuer(config.oidc, `${config.issuer}/auth/oidc/callback`);
    const secure = config.issuer.startsWith("https:");
    oidcRoutes(server, { issuer, transactions, signer, sessions, cache, secure });
  }
  profileRoutes(server, transactions);
  adminRoutes(server, transactions);
  manifestRoute(server, transactions, cache);
  itemRoute(server, transactions, objectStore);
  if (config.insights) insightRoutes(server, transactions, new DailyAdvice(cache));
  await uploadRoutes(server, new Uploads(staging, transactions), staging);
  await webhookRoutes(server, config.sources, transactions, metrics);
  jobRoutes(server, transactions);
  jobHealthRoute(server, transactions);
  syncRoute(server, transactions, limits);
  return server;
}
