import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { Person } from "../identity/person";

/** A service's HTTP server, whose handlers have the types of their routes' TypeBox schemas. */
export type Server = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Who may call a route: anybody, whoever is logged in, or administrators. */
export type Access = "public" | "user" | "admin";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Every route says so; the server refuses to start with one that does not. */
    access?: Access;
    /** Whether it is asked every few seconds, by machines: it is not traced. */
    isProbe?: boolean;
  }
  interface FastifyRequest {
    /** Who asks; `requirePerson` gives it where the route's access is not `public`. */
    person: Person | null;
  }
}
