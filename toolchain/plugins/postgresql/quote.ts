import { escapeIdentifier, escapeLiteral } from "pg";

export const identifier = escapeIdentifier;
export const literal = escapeLiteral;

export function qualified(schema: string, name: string): string {
  return `${identifier(schema)}.${identifier(name)}`;
}

/** Who receives privileges: a role, or everybody, whom Postgres spells as a keyword. */
export function grantee(role: string): string {
  return role === "public" ? "PUBLIC" : identifier(role);
}
