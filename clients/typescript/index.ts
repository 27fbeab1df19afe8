import createClient, { type Client } from "openapi-fetch";
import type { paths as BridgePaths } from "./content-bridge";
import type { paths as MlPaths } from "./ml-server";

interface ClientOptions {
  /** For example `http://localhost:8090`. */
  url: string;
  /** The access token to send along; asked for each request. */
  token?: () => string | undefined;
}

/** The content service, typed by docs/openapi/content-bridge.json: `contentBridge({ url }).GET("/user/profile")`. */
export const contentBridge = (options: ClientOptions): Client<BridgePaths> => authorized<BridgePaths>(options);

/** The model server, typed by docs/openapi/ml-server.json. */
export const mlServer = (options: ClientOptions): Client<MlPaths> => authorized<MlPaths>(options);

function authorized<Paths extends object>({ url, token }: ClientOptions): Client<Paths> {
  const client = createClient<Paths>({ baseUrl: url });
  client.use({
    onRequest({ request }) {
      const value = token?.();
      if (value) request.headers.set("authorization", `Bearer ${value}`);
      return request;
    },
  });
  return client;
}
