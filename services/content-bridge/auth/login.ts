import { createHash } from "node:crypto";
import { Type } from "typebox";
import { Problem, problems } from "../../shared/http/problem";
import type { Server } from "../../shared/http/types";
import { Credentials } from "../../shared/identity/login";
import { originOf, type Origin, type PersonRole } from "../../shared/identity/person";
import type { IdentitySigner } from "../../shared/identity/signature";
import type { Transactions } from "../../shared/identity/transactions";
import { key, type Key } from "../../shared/keyspace";
import type { Limits } from "../../shared/limits";
import { isPassword } from "./passwords";
import type { Sessions } from "./sessions";

/** Tries at one account, until one succeeds, in 15 minutes; from one address in a minute. */
const mostTries = 5;
const mostRequests = 60;

interface Account {
  id: string;
  role: PersonRole;
  password_hash: string;
  locked_until: Date | null;
}

export interface LoginArgs {
  transactions: Transactions;
  signer: IdentitySigner;
  sessions: Sessions;
  limits: Limits;
}

/** Where the tries at an account are counted, whether there is one or not. */
export const triesAt = (email: string): Key => key("logins", createHash("sha256").update(email.toLowerCase()).digest("hex"));

export function loginRoute(server: Server, { transactions, signer, sessions, limits }: LoginArgs): void {
  const schema = {
    tags: ["auth"],
    summary: "Begins a session",
    body: Credentials,
    response: { 200: Type.Ref("Tokens#"), ...problems(401, 403, 429) },
  };
  server.post("/auth/login", { config: { access: "public" }, schema }, async (request) => {
    const { email, password } = request.body;
    const origin = originOf(request);
    await limits.count(key("requests", "login", request.ip), mostRequests);
    await limits.count(triesAt(email), mostTries, "account-locked");

    const account = await find(email, origin);
    const succeeded = await isPassword(password, account?.password_hash);
    if (!account || !succeeded) {
      await transactions.asNobody(origin, (client) => client.query(recordLogin, [email, false, origin.device]));
      throw new Problem(401, "wrong-credentials", { detail: "No account has this address and password" });
    }
    if (account.locked_until && account.locked_until > new Date()) {
      throw new Problem(403, "account-locked", { detail: `Locked until ${account.locked_until.toISOString()}` });
    }
    const tokens = await transactions.asNobody(origin, async (client, become) => {
      await client.query(recordLogin, [email, true, origin.device]);
      await become(account.id, account.role);
      return sessions.begin(client, account.id, account.role, origin);
    });
    await limits.forget(triesAt(email));
    return tokens;
  });

  const find = (email: string, origin: Origin) =>
    transactions.asNobody(origin, async (client) => {
      const { rows } = await client.query<Account>(
        "SELECT id, role, password_hash, locked_until FROM platform.find_account($1, $2, $3)",
        [email, ...signer.login(email)],
      );
      return rows[0];
    });
}

const recordLogin = "SELECT platform.record_login($1, $2, $3)";
