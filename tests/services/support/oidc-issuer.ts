import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

/** What the issuer knows of its people, by login name. */
export type People = Record<string, { email?: string; email_verified?: boolean; birthdate?: string; name?: string }>;

export const clientId = "content-bridge";

/** An issuer of OpenID Connect on this machine, with a login page that asks for no password. */
export class TestIssuer {
  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(people: People, redirectUri: string): Promise<TestIssuer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    const provider = new Provider(url, {
      clients: [
        {
          client_id: clientId,
          token_endpoint_auth_method: "none",
          redirect_uris: [redirectUri],
          grant_types: ["authorization_code"],
          response_types: ["code"],
        },
      ],
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "birthdate"] },
      findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
      pkce: { required: () => true },
      cookies: { keys: ["key-of-the-tests"] },
    });
    const handle = provider.callback();
    server.on("request", (request, response) => void handle(request, response));
    return new TestIssuer(url, server);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  /** What a browser does from the first redirect to the last: the URL that leads back to the service. */
  async logIn(authorizationUrl: string, login: string): Promise<URL> {
    const cookies = new Map<string, string>();
    const request = async (url: URL, form?: Record<string, string>) => {
      const response = await fetch(url, {
        redirect: "manual",
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
        ...(form && { method: "POST", body: new URLSearchParams(form) }),
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
        cookies.set(name!, value!);
      }
      const location = response.headers.get("location");
      return location ? new URL(location, url) : undefined;
    };
    let at = new URL(authorizationUrl);
    for (let step = 0; step < 12; step += 1) {
      if (at.origin !== this.url) return at;
      const isPage = at.pathname.startsWith("/interaction/");
      const prompt = step < 2 ? { prompt: "login", login, password: "none" } : { prompt: "consent" };
      const next: URL | undefined = await (isPage ? request(at, prompt) : request(at));
      if (!next) throw new Error(`the issuer goes nowhere from ${at.href}`);
      at = next;
    }
    throw new Error("the issuer goes in circles");
  }
}
