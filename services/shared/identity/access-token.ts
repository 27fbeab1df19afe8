import { errors, jwtVerify, type JWTVerifyGetKey } from "jose";
import type { Database } from "../stores/database";
import type { Person, PersonRole } from "./person";

/** What every access token is: RFC 9068, signed with Ed25519, for all services of the platform. */
export const accessToken = { algorithm: "EdDSA", type: "at+jwt", audience: "huntmaster", lifetimeSeconds: 15 * 60 } as const;

export interface AccessClaims {
  /** Id of the person. */
  sub: string;
  /** Id of the session: the login that it descends from. */
  sid: string;
  /** Seconds since 1970. */
  exp: number;
}

/** Seconds by which clocks may differ. */
const clockTolerance = 5;

/** What a token that is not accepted says of itself; the reason goes to the log and never to the caller. */
export class TokenRefused extends Error {}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Checks access tokens: signature by a key of the issuer, claims, and that their session goes on. */
export class AccessTokens {
  /** Claims of tokens that were good, the oldest first: a signature costs more than all else of a request. */
  private readonly good = new Map<string, AccessClaims>();

  /** @param keys finds the issuer's public key by a token's header: jose's createRemoteJWKSet or createLocalJWKSet */
  constructor(
    private readonly keys: JWTVerifyGetKey,
    private readonly issuer: string,
    private readonly database: Database,
    /** Tokens whose claims are kept. */
    private readonly mostKept = 10_000,
  ) {}

  /**
   * The claims of a token that was issued here and has not expired. Whether its session goes on is another question.
   *
   * @throws TokenRefused for every other
   */
  async verify(token: string): Promise<AccessClaims> {
    const known = this.good.get(token);
    if (known && known.exp + clockTolerance > Date.now() / 1000) return known;
    const claims = await this.check(token);
    const [oldest] = this.good.size < this.mostKept ? [] : this.good.keys();
    if (oldest) this.good.delete(oldest);
    this.good.set(token, claims);
    return claims;
  }

  /**
   * Who asks. The role is what the person has now, not when the token was made.
   *
   * @throws TokenRefused also where the session has ended
   */
  async authenticate(token: string): Promise<Person> {
    const { sub, sid, exp } = await this.verify(token);
    const [found] = await this.database.query<{ user_id: string | null; role: PersonRole }>({
      name: "session identity",
      text: "SELECT user_id, role FROM platform.session_identity($1)",
      values: [sid],
    });
    if (!found?.user_id || found.user_id !== sub) throw new TokenRefused("the session has ended");
    return { id: sub, role: found.role, sessionId: sid, expiresAt: exp };
  }

  private async check(token: string): Promise<AccessClaims> {
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer: this.issuer,
        audience: accessToken.audience,
        algorithms: [accessToken.algorithm],
        typ: accessToken.type,
        // With it a token from the future is refused too.
        maxTokenAge: accessToken.lifetimeSeconds,
        requiredClaims: ["exp", "sub", "sid"],
        clockTolerance,
      });
      return claimsOf(payload);
    } catch (error) {
      // Keys that cannot be fetched are no fault of the token.
      const isRefusal = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
      throw isRefusal ? new TokenRefused(error.message, { cause: error }) : error;
    }
  }
}

function claimsOf({ sub, sid, exp }: Record<string, unknown>): AccessClaims {
  if (typeof sub !== "string" || typeof sid !== "string" || !uuid.test(sub) || !uuid.test(sid)) {
    throw new TokenRefused("sub and sid are not ids");
  }
  return { sub, sid, exp: exp as number };
}
