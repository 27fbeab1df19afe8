import { randomInt } from "node:crypto";
import { createApp as createBridge } from "../../../services/content-bridge/app";
import { createApp as createMlServer } from "../../../services/ml-server/app";
import type { Server } from "../../../services/shared/http/types";
import type { PersonRole } from "../../../services/shared/identity/person";
import { asShipped, publish } from "../ml-server/support/models";
import { newItem } from "../support/content";
import { clientId, TestIssuer } from "../support/oidc-issuer";
import { accessTokenOf, newPerson } from "../support/people";
import { asSuperuser, bridgeConfig, newTokenKey, run, serviceConfig, type Running } from "../support/platform";

/** Who asks. */
export const kinds = ["nobody", "user", "admin"] as const;
export type Kind = (typeof kinds)[number];

/** Both services with everything switched on, and something of every kind to be found by those who ask. */
export interface Services {
  "content-bridge": Running;
  "ml-server": Running;
  /** An access token of somebody new, with a profile. */
  tokenOf(kind: Kind): Promise<string | undefined>;
  /** Values of parameters that there are. */
  known: Record<string, string[]>;
  close(): Promise<void>;
}

/** @param model the name under which the shipped model is published: stores are shared, and one version is active */
export async function startServices(model: string): Promise<Services> {
  const tokenKeys = newTokenKey();
  const issuer = await TestIssuer.start({}, "http://localhost:8090/auth/oidc/callback");
  const config = bridgeConfig({
    tokenKeys,
    oidc: { issuer: new URL(issuer.url), clientId },
    sources: [{ name: "trail_cameras", secret: `whsec_${Buffer.alloc(24, 1).toString("base64")}` }],
  });
  const bridge = await run(async (log) => fromAnywhere(await createBridge(config, log)));
  // Other tests leave models on the same stores, and some of those cannot be served.
  await asSuperuser((client) => client.query("UPDATE ml_infrastructure.model_registry SET status = 'retired'"));
  const shipped = asShipped(model);
  await publish(shipped, { status: "active" });
  const mlConfig = {
    ...serviceConfig("ml_server", "huntmaster-models"),
    issuerUrl: new URL(bridge.url),
    inference: { limit: 200, registryEveryMs: 1000 },
  };
  const mlServer = await run(async (log) => fromAnywhere(await createMlServer(mlConfig, log)));
  const author = await newPerson();
  const item = await newItem(author.id);
  return {
    "content-bridge": bridge,
    "ml-server": mlServer,
    tokenOf: async (kind) => (kind === "nobody" ? undefined : tokenOf(kind, tokenKeys)),
    known: {
      ...{ "path.id": [item.id], "path.source": ["trail_cameras"], "query.topic": [item.topic] },
      ...{ "path.model": [model], "body.model": [model], "body.active": [shipped.version] },
    },
    close: async () => {
      await Promise.all([bridge.close(), mlServer.close()]);
      await issuer.stop();
    },
  };
}

/** Each request comes from an address of its own: what is tried here is no limit. */
function fromAnywhere(server: Server): Server {
  server.addHook("onRequest", async ({ headers }) => {
    headers["x-forwarded-for"] = Array.from({ length: 4 }, () => randomInt(1, 255)).join(".");
  });
  return server;
}

async function tokenOf(role: PersonRole, tokenKeys: string): Promise<string> {
  const person = await newPerson(role);
  await asSuperuser((client) =>
    client.query("INSERT INTO users.profiles (user_id, display_name) VALUES ($1, 'Hunter')", [person.id]),
  );
  return accessTokenOf(person, tokenKeys);
}
