import type { Client } from "pg";

/** A table or index that a plan reads, at its root where it is a partition's. */
export interface Scan {
  /** As plans call it, such as Seq Scan. */
  how: string;
  /** The index, or the table where none is used. */
  what: string;
  /** Rows that it looked at, also to drop them. */
  rowsRead: number;
}

/** What a query did, with the queries of the functions that it calls. */
export interface Explained {
  rows: number;
  /** Pages of 8 KiB, in memory or not, each time that it was looked at. */
  pages: number;
  /** Of what is large alone. */
  scans: Scan[];
}

/** Fewer rows than that are best read from the first to the last. */
const largeRows = 1000;

/** A node of EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON); only what is read here. */
interface Node {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  Plans?: Node[];
}

/** What auto_explain tells of one query. */
interface Told {
  "Query Text": string;
  Plan: Node;
}

/**
 * Lets a session of the superuser tell the plan of each query, those in functions too, which EXPLAIN does not show.
 * The session may go on as another role.
 */
export async function tellPlans(client: Client): Promise<void> {
  const settings = { log_min_duration: "0", log_analyze: "on", log_buffers: "on", log_nested_statements: "on" };
  await client.query("LOAD 'auto_explain'");
  for (const [name, value] of Object.entries({ ...settings, log_format: "json", log_level: "notice" })) {
    await client.query("SELECT set_config($1, $2, false)", [`auto_explain.${name}`, value]);
  }
}

/** Runs a query in such a session. */
export async function explain(client: Client, sql: string, values: readonly unknown[]): Promise<Explained> {
  const told: Told[] = [];
  const listen = ({ message = "" }: { message?: string | undefined }) => {
    const begin = message.indexOf("{");
    if (begin >= 0) told.push(JSON.parse(message.slice(begin)) as Told);
  };
  client.on("notice", listen);
  await client.query(sql, [...values]);
  // It tells its plan when the next one takes its place.
  await client.query("SELECT");
  client.off("notice", listen);
  const last = told.findIndex((one) => one["Query Text"] === sql);
  const plans = told.slice(0, last + 1).map(({ Plan }) => Plan);
  const outermost = plans[last]!;
  return {
    rows: outermost["Actual Rows"],
    pages: outermost["Shared Hit Blocks"] + outermost["Shared Read Blocks"],
    scans: await largeScans(client, plans.flatMap(nodesOf)),
  };
}

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

async function largeScans(client: Client, nodes: readonly Node[]): Promise<Scan[]> {
  const names = nodes.map((node) => node["Index Name"] ?? node["Relation Name"]);
  const { rows } = await client.query<{ name: string; root: string }>(
    `SELECT DISTINCT c.relname AS name, coalesce(root.relname, c.relname) AS root
       FROM pg_class AS c
       LEFT JOIN pg_class AS root ON root.oid = pg_partition_root(c.oid)
       LEFT JOIN pg_index AS x ON x.indexrelid = c.oid
       JOIN pg_class AS t ON t.oid = coalesce(x.indrelid, c.oid)
      WHERE c.relname = ANY ($1) AND t.reltuples > $2`,
    [names.filter(Boolean), largeRows],
  );
  const roots = new Map(rows.map(({ name, root }) => [name, root]));
  return nodes.flatMap((node, index): Scan[] => {
    const what = roots.get(names[index] ?? "");
    if (what === undefined || isOverBitmap(node)) return [];
    const dropped = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
    return [{ how: node["Node Type"], what, rowsRead: (node["Actual Rows"] + dropped) * node["Actual Loops"] }];
  });
}

/** Reads what the index scan below it has found, which counts. */
const isOverBitmap = (node: Node) => node["Node Type"] === "Bitmap Heap Scan";
