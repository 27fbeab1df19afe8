import { allSchemas } from "../../catalog/schemas";
import { code, table } from "../../lib/markdown";
import type { FunctionReference, RelationReference, SchemaReference } from "./read";

/** docs/database.md. */
export function renderReference(schemas: readonly SchemaReference[]): string {
  const sections = schemas.map((schema) =>
    [
      `## ${schema.name}`,
      `${allSchemas[schema.name]?.purpose ?? ""}.`,
      ...(schema.relations.length > 0 ? [diagram(schema)] : []),
      ...schema.relations.map((relation) => renderRelation(schema.name, relation)),
      ...(schema.functions.length > 0 ? [renderFunctions(schema.functions)] : []),
    ].join("\n\n"),
  );
  return [
    "# Database",
    "What is in the database, read from a running one: `make docs-database`. Who may do what: [access.md](access.md).",
    ...sections,
    "",
  ].join("\n\n").replace(/\n+$/, "\n");
}

/** Tables and what they refer to, those of other schemas by name alone. */
function diagram({ name, relations }: SchemaReference): string {
  const lines = relations.flatMap(({ name: from, constraints }) =>
    (constraints ?? []).flatMap(({ references, definition }) =>
      references ? [`  "${references}" ||--o{ "${name}.${from}" : ${columnsOf(definition)}`] : [],
    ),
  );
  const alone = relations
    .filter((relation) => relation.kind === "table" && !lines.some((line) => line.includes(`"${name}.${relation.name}"`)))
    .map((relation) => `  "${name}.${relation.name}"`);
  return ["```mermaid", "erDiagram", ...alone, ...lines.sort(), "```"].join("\n");
}

const columnsOf = (definition: string) => JSON.stringify(/FOREIGN KEY \(([^)]*)\)/.exec(definition)?.[1] ?? "");

function renderRelation(schema: string, relation: RelationReference): string {
  const { name, kind, comment, partitioned, rowSecurity, columns } = relation;
  const facts = [
    kind === "table" ? "" : `A ${kind}.`,
    partitioned ? `By month: ${code(partitioned)}.` : "",
    rowSecurity ? "Row-level security, forced." : "",
  ].filter(Boolean);
  return [
    `### ${schema}.${name}`,
    [`${comment ?? ""}.`, ...facts].join(" "),
    table(
      ["column", "type", "default", "what it holds"],
      columns.map((column) => [
        code(column.name),
        code(column.type) + (column.required ? "" : ", may be null"),
        column.default ? code(column.default) : "",
        column.comment ?? "",
      ]),
    ),
    ...list("Constraints", relation.constraints, (one) => `${code(one.name)}: ${code(one.definition)}`),
    ...list("Indexes", relation.indexes, (one) => `${code(one.name)}: ${code(one.definition)}. ${one.comment ?? ""}`.trim()),
    ...list("Policies", relation.policies, policy),
    ...list("Triggers", relation.triggers, ({ name: trigger, definition, enabled }) =>
      `${code(trigger)}: ${code(definition)}${enabled ? "" : ", not enabled"}`,
    ),
  ].join("\n\n");
}

function policy({ name, command, roles, using, check }: NonNullable<RelationReference["policies"]>[number]): string {
  const rules = [using ? `using ${code(using)}` : "", check ? `check ${code(check)}` : ""].filter(Boolean).join(", ");
  return `${code(name)}: ${command} for ${roles.map(code).join(", ")}, ${rules}`;
}

function list<T>(title: string, items: readonly T[] | null, line: (item: T) => string): string[] {
  if (!items || items.length === 0) return [];
  return [`${title}:\n\n${items.map((item) => `- ${line(item).replaceAll("\n", " ")}`).join("\n")}`];
}

function renderFunctions(functions: readonly FunctionReference[]): string {
  const rows = functions.map(({ name, result, owner, settings, comment }) => [
    code(name),
    code(result),
    `${comment ?? ""}${owner ? ". Runs as its owner" : ""}`,
    (settings ?? []).map(code).join(", "),
  ]);
  return `Functions:\n\n${table(["function", "gives", "what for", "settings"], rows)}`;
}
