import { databaseName } from "../../../catalog/containers";
import { roleNames, superuser } from "../../../catalog/roles";
import { accessLevels, allSchemas, type Privileges } from "../../../catalog/schemas";
import { cell, everybody, type Item, privilegesOf } from "./cells";

/** Every role that there shall be, and everybody. */
export const grantees: readonly string[] = [superuser, ...roleNames, everybody];

/** What extensions keep to the superuser, though the roles named have their schema to use. */
const reserved = new Set([
  // Others' queries would be forgotten for everybody.
  "extensions.pg_stat_statements_reset(oid, oid, bigint, boolean)",
  // They let whoever calls them be any role that needs no password.
  "dblink.dblink_connect_u(text)",
  "dblink.dblink_connect_u(text, text)",
  // They read a whole index or table for whoever calls them.
  ...["", ", boolean", ", boolean, boolean"].flatMap((more) => [
    `extensions.bt_index_check(regclass${more})`,
    `extensions.bt_index_parent_check(regclass${more})`,
  ]),
  "extensions.bt_index_parent_check(regclass, boolean, boolean, boolean)",
  "extensions.verify_heapam(regclass, boolean, boolean, text, bigint, bigint)",
  // Their authors give these tables to nobody.
  "extensions.hypopg_hidden_indexes",
  "extensions.hypopg_list_indexes",
  "partman.part_config",
  "partman.part_config_sub",
  "partman.table_privs",
]);

/** A column goes with its table. */
const isReserved = ({ kind, name }: Item) => reserved.has(kind === "column" ? name.slice(0, name.lastIndexOf(".")) : name);

/** Every cell of the matrix in which the catalog says yes. */
export function expectedCells(items: readonly Item[]): string[] {
  return items.flatMap((item) =>
    grantees.flatMap((role) => expectedPrivileges(role, item).map((privilege) => cell(role, privilege, item))),
  );
}

function expectedPrivileges(role: string, item: Item): readonly string[] {
  const { kind, schema } = item;
  if (role === superuser) return privilegesOf[kind];
  if (kind === "database") return item.name === databaseName && role !== everybody ? ["CONNECT"] : [];
  const declared = allSchemas[schema];
  if (!declared || isReserved(item)) return [];
  if (role === declared.owner) return privilegesOf[kind];
  const onColumns = (privileges: readonly string[]) =>
    kind === "column" ? privileges.filter((one) => (privilegesOf.column as readonly string[]).includes(one)) : privileges;
  const excepted = exceptionFor(role, item);
  if (excepted) return onColumns(excepted);
  const level = (declared.access as Record<string, keyof typeof accessLevels>)[role];
  if (!level) return [];
  const privileges: Privileges = accessLevels[level];
  return onColumns(privileges[kind === "column" ? "table" : kind]);
}

/** What the catalog says of this object alone. A column goes with its table. */
function exceptionFor(role: string, { kind, schema, name }: Item): readonly string[] | undefined {
  const object = (kind === "column" ? name.slice(0, name.lastIndexOf(".")) : name).slice(schema.length + 1);
  const { exceptions = {} } = allSchemas[schema]!;
  return (exceptions as Record<string, Record<string, Record<string, readonly string[]>>>)[
    kind === "column" ? "table" : kind
  ]?.[object]?.[role];
}

/** Default privileges that the catalog asks for, in the words of `observedDefaults`. */
export function expectedDefaults(): string[] {
  return Object.entries(allSchemas).flatMap(([schema, { owner, access }]) =>
    Object.entries(access).flatMap(([role, level]) => {
      const { schema: _, ...kinds }: Privileges = accessLevels[level];
      return Object.entries(kinds).flatMap(([kind, privileges]) =>
        privileges.map((privilege) => `${role} ${privilege} new ${kind} of ${owner} in ${schema}`),
      );
    }),
  );
}
