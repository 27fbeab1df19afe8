import { schema } from "../../config/schema";
import { code, table } from "../../lib/markdown";

/** docs/configuration.md, from config/schema.ts. */
export function renderConfiguration(): string {
  const rows = Object.entries(schema).map(([key, type]) => {
    const fallback = type.safeParse(undefined);
    return [
      code(`hma-infra:${key}`),
      String(kindOf(type)),
      fallback.success ? code(String(fallback.data)) : "every stack sets it",
      type.description ?? "",
    ];
  });
  return `# Configuration

What a stack can set in its \`Pulumi.<stack>.yaml\`. Anything else is refused before any resource is touched: unknown
keys, wrong types, values out of range and impossible combinations, all at once.

${table(["key", "value", "default", "what it is"], rows)}
`;
}

/** A default wraps the type that says what kind of value it is. */
function kindOf(type: { meta(): unknown; unwrap?: () => unknown }): unknown {
  const meta = type.meta() as { kind?: string } | undefined;
  if (meta?.kind) return meta.kind;
  if (type.unwrap) return kindOf(type.unwrap() as Parameters<typeof kindOf>[0]);
  throw new Error("a config key does not say what kind of value it takes");
}
