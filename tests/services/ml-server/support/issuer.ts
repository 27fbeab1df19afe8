import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { readTokenKeys } from "../../../../services/content-bridge/auth/token-keys";
import { newTokenKey } from "../../support/platform";

/** What the issuer answers to a login. */
export interface LoginAnswer {
  status: number;
  headers?: Record<string, string>;
  body: object;
}

/** As much of the content service as the model server knows: its public keys, and a login that answers at will. */
export interface Issuer {
  url: URL;
  /** PEM of the key that its tokens are signed with. */
  tokenKey: string;
  /** The last login that it was asked for. */
  asked: { headers: IncomingMessage["headers"]; body: string } | undefined;
  /** `silent`: it takes the request, and that is all. */
  answer: LoginAnswer | "silent";
  close(): Promise<void>;
}

export async function startIssuer(): Promise<Issuer> {
  const tokenKey = newTokenKey();
  const { jwks } = await readTokenKeys(tokenKey);
  const server = createServer((request, response) => {
    if (request.url === "/.well-known/jwks.json") {
      response.setHeader("content-type", "application/json").end(JSON.stringify(jwks));
      return;
    }
    void text(request).then((body) => {
      issuer.asked = { headers: request.headers, body };
      if (issuer.answer === "silent") return;
      response.writeHead(issuer.answer.status, issuer.answer.headers).end(JSON.stringify(issuer.answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const issuer: Issuer = {
    url: new URL(`http://127.0.0.1:${port}`),
    tokenKey,
    asked: undefined,
    answer: { status: 500, body: {} },
    close,
  };
  return issuer;
}
