import * as client from "openid-client";
import { unavailable } from "../../shared/http/problem";
import type { Person } from "../../shared/identity/person";

/** Where people may log in elsewhere: any issuer of OpenID Connect, as a public client, which PKCE is for. */
export interface OidcSettings {
  issuer: URL;
  clientId: string;
}

/** What an issuer says of somebody. */
export interface ExternalPerson {
  issuer: string;
  subject: string;
  email: string | undefined;
  emailVerified: boolean;
  birthDate: string | undefined;
  name: string | undefined;
}

/** One login under way: what was sent along, to be found again in what comes back. */
export interface Attempt {
  state: string;
  nonce: string;
  verifier: string;
  /** Who is logged in and links another login to the account; absent: a login. */
  linksTo?: Pick<Person, "id" | "sessionId">;
}

/** Another issuer of identities: authorization code with PKCE (RFC 7636). */
export class OidcIssuer {
  private found: Promise<client.Configuration> | undefined;

  constructor(
    private readonly settings: OidcSettings,
    private readonly redirectUri: string,
  ) {}

  newAttempt = (): Attempt => ({
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
  });

  /** Where to send the browser. */
  async authorizationUrl({ state, nonce, verifier }: Attempt): Promise<URL> {
    return client.buildAuthorizationUrl(await this.configuration(), {
      redirect_uri: this.redirectUri,
      scope: "openid email profile",
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
    });
  }

  /**
   * Who came back.
   *
   * @param query of the callback, with its question mark
   * @throws openid-client's errors where anything does not fit
   */
  async personOf(query: string, { state, nonce, verifier }: Attempt): Promise<ExternalPerson> {
    const configuration = await this.configuration();
    const tokens = await client.authorizationCodeGrant(configuration, new URL(this.redirectUri + query), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const { iss, sub } = tokens.claims()!;
    const { email, name, ...more } = await client.fetchUserInfo(configuration, tokens.access_token, sub);
    const emailVerified = more.email_verified === true;
    return { issuer: iss, subject: sub, email, emailVerified, birthDate: more.birthdate, name };
  }

  /** Discovered at the first login, and again after it failed: the services start without the issuer. */
  private async configuration(): Promise<client.Configuration> {
    const { issuer, clientId } = this.settings;
    // Without TLS only where nobody is in between.
    const execute = issuer.hostname === "localhost" ? [client.allowInsecureRequests] : [];
    this.found ??= client.discovery(issuer, clientId, undefined, client.None(), { execute, timeout: 5 });
    try {
      return await this.found;
    } catch (error) {
      this.found = undefined;
      throw unavailable("The issuer of identities", error);
    }
  }
}
