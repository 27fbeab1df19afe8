import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { PoolClient } from "pg";
import { accessToken } from "../../shared/identity/access-token";
import type { Tokens } from "../../shared/identity/login";
import type { Origin, PersonRole } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";
import { digestOf, newToken } from "./opaque-token";
import type { TokenKeys } from "./token-keys";

/** A session ends when it was not used for so long. */
const idleDays = 30;

interface Login {
  userId: string;
  role: PersonRole;
  sessionId: string;
}

/**
 * Sessions: each login is one, and a family of refresh tokens of which only the latest is good. Whoever shows one that
 * was used before is not the person, or the person is not alone: the session ends for both.
 */
export class Sessions {
  constructor(
    private readonly transactions: Transactions,
    private readonly keys: TokenKeys,
    private readonly issuer: string,
  ) {}

  /** Begins a session, in a transaction that runs as the person. */
  async begin(client: PoolClient, userId: string, role: PersonRole, origin: Origin): Promise<Tokens> {
    const sessionId = randomUUID();
    await client.query(
      `INSERT INTO auth.sessions (id, user_id, client_ip, device, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(days => $5))`,
      [sessionId, userId, origin.ip, origin.device, idleDays],
    );
    return this.give(client, { userId, role, sessionId });
  }

  /** Exchanges a refresh token. Nothing where it is not good, or not any more; then its session has ended. */
  refresh(token: string, origin: Origin): Promise<Tokens | undefined> {
    const digest = digestOf(token);
    return this.transactions.asNobody(origin, async (client, become) => {
      const { rows } = await client.query<{ user_id: string; role: PersonRole; session_id: string }>(
        "SELECT user_id, role, session_id FROM platform.find_refresh_token($1)",
        [digest],
      );
      const [found] = rows;
      if (!found) return undefined;
      const login = { userId: found.user_id, role: found.role, sessionId: found.session_id };
      await become(login.userId, login.role);
      // Two at once wait for each other here, and the second finds it used.
      const { rowCount } = await client.query(
        `WITH used AS (
           UPDATE auth.refresh_tokens SET used_at = now()
            WHERE token_sha256 = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now() RETURNING family_id
         )
         UPDATE auth.sessions SET last_seen_at = now(), expires_at = now() + make_interval(days => $2)
          WHERE id = (SELECT family_id FROM used) AND ended_at IS NULL`,
        [digest, idleDays],
      );
      if (rowCount === 1) return this.give(client, login);
      await endSession(client, login.sessionId);
      return undefined;
    });
  }

  private async give(client: PoolClient, login: Login): Promise<Tokens> {
    const { token, digest } = newToken();
    await client.query(
      `INSERT INTO auth.refresh_tokens (user_id, family_id, token_sha256, expires_at)
       VALUES ($1, $2, $3, now() + make_interval(days => $4))`,
      [login.userId, login.sessionId, digest, idleDays],
    );
    return {
      access_token: await this.sign(login),
      refresh_token: token,
      token_type: "bearer",
      expires_in: accessToken.lifetimeSeconds,
    };
  }

  private sign({ userId, role, sessionId }: Login): Promise<string> {
    const { kid, key } = this.keys.signing;
    return new SignJWT({ sid: sessionId, roles: [role] })
      .setProtectedHeader({ alg: accessToken.algorithm, typ: accessToken.type, kid })
      .setIssuer(this.issuer)
      .setAudience(accessToken.audience)
      .setSubject(userId)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${accessToken.lifetimeSeconds} s`)
      .sign(key);
  }
}

/** Ends one session, or all of a person's: access and refresh tokens of them are no good from then on. */
export const endSession = (client: PoolClient, sessionId: string) => end(client, "id = $1", sessionId);
export const endSessionsOf = (client: PoolClient, userId: string) => end(client, "user_id = $1", userId);

async function end(client: PoolClient, which: "id = $1" | "user_id = $1", id: string): Promise<void> {
  await client.query(
    `WITH ended AS (UPDATE auth.sessions SET ended_at = now() WHERE ${which} AND ended_at IS NULL RETURNING id)
     UPDATE auth.refresh_tokens SET revoked_at = now() WHERE family_id IN (SELECT id FROM ended) AND revoked_at IS NULL`,
    [id],
  );
}
