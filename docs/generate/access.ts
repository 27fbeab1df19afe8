import { bucketAccessLevels, storageUsers } from "../../catalog/buckets";
import { cacheUsers } from "../../catalog/cache";
import { roleNames, roles, superuser, type RoleSpec } from "../../catalog/roles";
import { accessLevels, allSchemas } from "../../catalog/schemas";
import { code, table } from "../../lib/markdown";

const listed = (names: readonly string[]) => names.map(code).join(", ") || "none";

/** docs/access.md, from the catalog. */
export function renderAccess(): string {
  const schemasOf = (role: string) =>
    Object.keys(accessLevels)
      .map((level) => [level, schemasAt(role, level)] as const)
      .filter(([, schemas]) => schemas.length > 0)
      .map(([level, schemas]) => `${level}: ${listed(schemas)}`);
  const roleRows = roleNames.map((name) => {
    const { purpose, memberOf = [] }: RoleSpec = roles[name];
    const owned = Object.keys(allSchemas).filter((schema) => allSchemas[schema]!.owner === name);
    const may = [
      ...(owned.length > 0 ? [`owns ${listed(owned)}`] : []),
      ...schemasOf(name),
      ...(memberOf.length > 0 ? [`member of ${listed(memberOf)}`] : []),
    ];
    return [code(name), purpose, may.join("; ") || "nothing but to connect"];
  });
  const levelRows = Object.entries(accessLevels).map(([level, on]) => [
    level,
    ...[on.schema, on.table, on.sequence, on.function, on.type].map((privileges) => privileges.join(", ") || "-"),
  ]);
  const exceptionRows = Object.entries(allSchemas).flatMap(([schema, { exceptions = {} }]) =>
    Object.entries(exceptions).flatMap(([kind, objects]) =>
      Object.entries(objects).flatMap(([object, grants]) =>
        Object.entries(grants).map(([role, privileges]) => [
          `${kind} ${code(`${schema}.${object}`)}`, code(role), privileges.join(", ") || "nothing",
        ]),
      ),
    ),
  );
  const storageRows = Object.entries(storageUsers).map(([name, { purpose, access }]) => [
    code(name),
    purpose,
    Object.entries(access).map(([bucket, level]) => `${level}: ${code(bucket)}`).join("; "),
  ]);
  const bucketRows = Object.entries(bucketAccessLevels).map(([level, { bucket, object }]) => [
    level, bucket.join(", "), object.join(", "),
  ]);
  const cacheRows = Object.entries(cacheUsers).map(([name, { purpose, keys, commands }]) => [
    code(name), purpose, listed(keys), listed(commands),
  ]);
  return `# Who may do what

The same in every stack, and nobody may do more: \`make preview\` names whatever differs. Passwords are generated for each
stack; \`make -s secret NAME=postgres.hma_app\` prints one.

## Postgres

${code(superuser)} is the superuser: deployments log in with it, and people through \`docker exec\`. PUBLIC has nothing.

${table(["role", "who uses it, and for what", "may"], roleRows)}

What each level gives, on what is there and on what comes:

${table(["level", "schema", "tables and views", "sequences", "functions", "types"], levelRows)}

On single objects roles have this instead:

${table(["object", "role", "may"], exceptionRows)}

## Object storage

${table(["user", "who uses it, and for what", "may"], storageRows)}

${table(["level", "on the bucket", "on its objects"], bucketRows)}

Without a password nobody reads anything, whatever its prefix: what is published goes out by links that Content Bridge
signs for one object and a short time.

## Cache

${table(["user", "who uses it, and for what", "keys", "commands"], cacheRows)}
`;
}

function schemasAt(role: string, level: string): string[] {
  return Object.entries(allSchemas)
    .filter(([, { access }]) => (access as Record<string, string>)[role] === level)
    .map(([name]) => name);
}
