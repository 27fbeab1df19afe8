import { Type, type Static } from "typebox";
import { microsecondsOf, momentOf, Page, page, pageQuery, positionOf } from "../../shared/http/page";
import { Moment, Text } from "../../shared/http/storable";
import type { Server } from "../../shared/http/types";
import { originOf, personOf } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";

const Account = Type.Object({
  id: Type.String({ format: "uuid" }),
  email: Type.String(),
  role: Type.Enum(["user", "admin"]),
  display_name: Type.Union([Type.String(), Type.Null()]),
  email_verified: Type.Boolean(),
  locked_until: Type.Union([Type.String({ format: "date-time" }), Type.Null()]),
  created_at: Type.String({ format: "date-time" }),
});
type Account = Static<typeof Account>;

const Query = Type.Object(
  {
    ...pageQuery(),
    role: Type.Optional(Type.Enum(["user", "admin"])),
    email: Type.Optional(Text({ minLength: 1, maxLength: 254, description: "A part of the address" })),
    registered_after: Type.Optional(Moment()),
  },
  { additionalProperties: false },
);

/** `GET /admin/users`: accounts, the newest first. */
export function adminRoutes(server: Server, transactions: Transactions): void {
  const schema = {
    tags: ["admin"],
    summary: "Accounts, the newest first",
    querystring: Query,
    response: { 200: Page(Account) },
  };
  server.get("/admin/users", { config: { access: "admin" }, schema }, async (request) => {
    const { limit, cursor, role, email, registered_after } = request.query;
    const after = positionOf(cursor);
    return transactions.asIdentity(personOf(request), originOf(request), async (client) => {
      const { rows } = await client.query<Account & { at: string }>(
        `SELECT u.id, u.email, u.role, p.display_name, u.email_verified_at IS NOT NULL AS email_verified,
                u.locked_until, u.created_at, ${microsecondsOf("u.created_at")} AS at
           FROM auth.users AS u LEFT JOIN users.profiles AS p ON p.user_id = u.id
          WHERE u.deleted_at IS NULL
            AND ($1::text IS NULL OR u.role = $1)
            AND ($2::text IS NULL OR position(lower($2) IN lower(u.email::text)) > 0)
            AND ($3::timestamptz IS NULL OR u.created_at > $3)
            AND ($4::bigint IS NULL OR (u.created_at, u.id) < (${momentOf("$4")}, $5))
          ORDER BY u.created_at DESC, u.id DESC LIMIT $6`,
        [role, email, registered_after, after?.at, after?.id, limit + 1],
      );
      return page(rows, limit, ({ at, id }) => ({ at, id }));
    });
  });
}
