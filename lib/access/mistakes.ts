import type { Mistake } from "../errors";
import { privilegesOf } from "./privileges";
import type { AccessSpec, SchemaSpec } from "./spec";

const objectKinds = ["table", "sequence", "function", "type"] as const;

/** Everything in a spec that no server could follow: unknown roles, owners and privileges, each with its path. */
export function specMistakes(spec: AccessSpec): Mistake[] {
  const roles = Object.entries(spec.roles).flatMap(([name, { memberOf = [] }]) =>
    memberOf.flatMap((role) => unknownRole(spec, `roles.${name}.memberOf`, role)),
  );
  const databases = Object.entries(spec.databases).flatMap(([name, { owner, privileges }]) => [
    ...unknownRole(spec, `databases.${name}.owner`, owner),
    ...grantMistakes(spec, `databases.${name}.privileges`, "database", privileges),
  ]);
  const schemas = Object.entries(spec.schemas).flatMap(([name, schema]) =>
    schemaMistakes(spec, `schemas.${name}`, schema),
  );
  return [...roles, ...databases, ...schemas];
}

function schemaMistakes(
  spec: AccessSpec,
  where: string,
  { owner, privileges, exceptions = {} }: SchemaSpec,
): Mistake[] {
  const listed = Object.entries(privileges).flatMap(([role, on]) => [
    ...unknownRole(spec, `${where}.privileges.${role}`, role),
    ...Object.entries(on).flatMap(([kind, names]) => {
      const at = `${where}.privileges.${role}.${kind}`;
      return kind === "schema" ? privilegeMistakes(at, kind, names) : objectMistakes(at, kind, names);
    }),
  ]);
  const single = Object.entries(exceptions).flatMap(([kind, objects]) =>
    Object.entries(objects).flatMap(([object, grants]) =>
      Object.entries(grants).flatMap(([role, names]) => {
        const at = `${where}.exceptions.${kind}[${JSON.stringify(object)}].${role}`;
        return [...unknownRole(spec, at, role), ...objectMistakes(at, kind, names)];
      }),
    ),
  );
  return [...unknownRole(spec, `${where}.owner`, owner), ...listed, ...single];
}

function grantMistakes(spec: AccessSpec, where: string, kind: "database", grants: Record<string, readonly string[]>) {
  return Object.entries(grants).flatMap(([role, names]) => [
    ...unknownRole(spec, `${where}.${role}`, role),
    ...privilegeMistakes(`${where}.${role}`, kind, names),
  ]);
}

function unknownRole(spec: AccessSpec, where: string, role: string): Mistake[] {
  if (role in spec.roles || role.startsWith("pg_")) return [];
  return [{ where, what: `there is no role ${role}`, mend: `known are ${Object.keys(spec.roles).join(", ")}` }];
}

function objectMistakes(where: string, kind: string, names: readonly string[]): Mistake[] {
  const known = objectKinds.find((one) => one === kind);
  if (known) return privilegeMistakes(where, known, names);
  return [{ where, what: `there is no kind of object ${kind}`, mend: `known are schema, ${objectKinds.join(", ")}` }];
}

function privilegeMistakes(where: string, kind: keyof typeof privilegesOf, names: readonly string[]): Mistake[] {
  const known: readonly string[] = privilegesOf[kind];
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({ where, what: `${name} is no privilege on a ${kind}`, mend: `known are ${known.join(", ")}` }));
}
