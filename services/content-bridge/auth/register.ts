import { DatabaseError } from "pg";
import { Type } from "typebox";
import { Problem, problems } from "../../shared/http/problem";
import type { Server } from "../../shared/http/types";
import { Email } from "../../shared/identity/login";
import { originOf } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";
import { key } from "../../shared/keyspace";
import type { Limits } from "../../shared/limits";
import { hashPassword } from "./passwords";
import { DisplayName, Password } from "./schemas";

/** Registrations from one address in a minute. */
const most = 10;

const Registration = Type.Object(
  {
    email: Email,
    password: Password,
    birth_date: Type.String({ format: "date", description: "18 years or more ago" }),
    display_name: DisplayName,
  },
  { additionalProperties: false },
);

const Registered = Type.Object({ id: Type.String({ format: "uuid" }), email: Type.String(), display_name: Type.String() });

export function registerRoute(server: Server, transactions: Transactions, limits: Limits): void {
  const schema = {
    tags: ["auth"],
    summary: "Makes an account",
    body: Registration,
    response: { 201: Registered, ...problems(409, 422, 429) },
  };
  server.post("/auth/register", { config: { access: "public" }, schema }, async (request, reply) => {
    const { email, password, birth_date, display_name } = request.body;
    await limits.count(key("requests", "register", request.ip), most);
    const passwordHash = await hashPassword(password);
    const register = transactions.asNobody(originOf(request), async (client, become) => {
      const { rows } = await client.query<{ id: string }>("SELECT platform.register($1, $2, $3) AS id", [
        email,
        passwordHash,
        birth_date,
      ]);
      const { id } = rows[0]!;
      await become(id, "user");
      await client.query("INSERT INTO users.profiles (user_id, display_name) VALUES ($1, $2)", [id, display_name]);
      return id;
    });
    const id = await register.catch((error: unknown) => {
      throw registrationRefused(error) ?? error;
    });
    return reply.code(201).header("location", "/user/profile").send({ id, email, display_name });
  });
}

/** The database keeps the rules, and the audit log of who broke them. */
export function registrationRefused(error: unknown): Problem | undefined {
  const constraint = error instanceof DatabaseError ? error.constraint : undefined;
  if (constraint === "users_adult") {
    const errors = [{ pointer: "/body/birth_date", detail: "must be 18 years ago or more" }];
    return new Problem(422, "under-age", { detail: "Only for people of 18 years or more", errors });
  }
  if (constraint === "users_email_key") return new Problem(409, "email-taken", { detail: "There is an account with it" });
  if (constraint === "users_email_shape") return new Problem(422, "invalid-value", { detail: "email is no address" });
  return undefined;
}
