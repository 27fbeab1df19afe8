import { Type } from "typebox";
import { Problem, problems } from "../../shared/http/problem";
import type { Server } from "../../shared/http/types";
import { Email } from "../../shared/identity/login";
import { originOf, type PersonRole } from "../../shared/identity/person";
import type { IdentitySigner } from "../../shared/identity/signature";
import type { Transactions } from "../../shared/identity/transactions";
import { key } from "../../shared/keyspace";
import type { Limits } from "../../shared/limits";
import type { SendMail } from "./mail";
import { digestOf, newToken } from "./opaque-token";
import { hashPassword } from "./passwords";
import { OpaqueToken, Password } from "./schemas";
import { endSessionsOf } from "./sessions";

/** From one address in a minute. */
const most = 5;
/** How long a link works, in minutes. */
const lifetimeMinutes = 30;

const Request = Type.Object({ email: Email }, { additionalProperties: false });
const Choice = Type.Object({ token: OpaqueToken, password: Password }, { additionalProperties: false });

export interface PasswordResetArgs {
  transactions: Transactions;
  signer: IdentitySigner;
  limits: Limits;
  /** Absent where no mail is sent. */
  sendMail: SendMail | undefined;
}

/** A new password for who has the mail of an account, and no password. */
export function passwordResetRoutes(server: Server, args: PasswordResetArgs): void {
  const { transactions, signer, limits, sendMail } = args;
  const config = { access: "public" } as const;
  const ask = {
    tags: ["auth"],
    summary: "Sends a link for a new password, if there is an account",
    body: Request,
    response: { 202: Type.Null(), ...problems(429) },
  };
  server.post("/auth/password-reset", { config, schema: ask }, async (request, reply) => {
    const { email } = request.body;
    // Whoever it is: it must not tell whether there is an account.
    if (!sendMail) throw new Problem(503, "no-mail", { detail: "This platform sends no mail", retryAfter: 3600 });
    await limits.count(key("requests", "reset", request.ip), most);
    const { token, digest } = newToken();
    const found = await transactions.asNobody(originOf(request), async (client, become) => {
      const { rows } = await client.query<{ id: string; role: PersonRole }>(
        "SELECT id, role FROM platform.find_account($1, $2, $3)",
        [email, ...signer.login(email)],
      );
      const [account] = rows;
      if (!account) return false;
      await become(account.id, account.role);
      await client.query(
        `INSERT INTO auth.password_resets (user_id, token_sha256, expires_at)
         VALUES ($1, $2, now() + make_interval(mins => $3))`,
        [account.id, digest, lifetimeMinutes],
      );
      return true;
    });
    const text = `Within ${lifetimeMinutes} minutes: ${token}`;
    if (found) await sendMail({ to: email, subject: "Your new password", text });
    return reply.code(202).send(null);
  });

  const choose = {
    tags: ["auth"],
    summary: "Sets a new password and ends all sessions",
    body: Choice,
    response: { 204: Type.Null(), ...problems(401, 429) },
  };
  server.post("/auth/password-reset/confirm", { config, schema: choose }, async (request, reply) => {
    const { token, password } = request.body;
    await limits.count(key("requests", "reset-confirm", request.ip), most);
    const digest = digestOf(token);
    const passwordHash = await hashPassword(password);
    await transactions.asNobody(originOf(request), async (client, become) => {
      const { rows } = await client.query<{ id: string | null }>("SELECT platform.find_password_reset($1) AS id", [digest]);
      const id = rows[0]?.id;
      if (id) await become(id, "user");
      // Of two at once the second waits here, and finds it used.
      const { rowCount } = await client.query(
        `UPDATE auth.password_resets SET used_at = now()
          WHERE token_sha256 = $1 AND used_at IS NULL AND expires_at > now()`,
        [digest],
      );
      if (!id || rowCount !== 1) {
        throw new Problem(401, "link-not-valid", { detail: "The link was used, has expired, or never was" });
      }
      await client.query("UPDATE auth.users SET password_hash = $2 WHERE id = $1", [id, passwordHash]);
      await client.query("UPDATE auth.password_resets SET used_at = now() WHERE user_id = $1 AND used_at IS NULL", [id]);
      await endSessionsOf(client, id);
    });
    return reply.code(204).send(null);
  });
}
