import { superuser } from "../../catalog/roles";
import { table } from "../../lib/markdown";
import { postgresSettings } from "../../lib/postgres-settings";
import { signatureSql } from "../support/identity";
import { median } from "../support/median";
import { PlatformDatabase } from "../support/platform-database";

/** Runs of each variant; they take turns, so that the machine's mood meets all. */
const rounds = 3;
const secondsEach = 5;
/** Least share of the bare table's throughput that is to be left. */
const aim = 0.7;

const person = "00000000-0000-4000-8000-000000000001";
const item = `'${person}', 'Calling elk', 'How to call an elk in the rut, from the first bugle to the last.'`;

/** What pgbench sends, each statement in a transaction of its own. */
const statements = {
  insert: `INSERT INTO content.content_items (author_id, title, body) VALUES (${item});`,
  update: `\\set n random(1, 10000)
UPDATE content.content_items SET title = 'Calling moose', status = 'archived' WHERE id = md5(:n::text)::uuid;`,
};

/** The same table with and without its guards; all else stays: constraints, indexes, foreign keys, updated_at. */
const variants = {
  bare: { security: "DISABLE", audit: "DISABLE" },
  "row-level security": { security: "ENABLE", audit: "DISABLE" },
  audit: { security: "DISABLE", audit: "ENABLE" },
  both: { security: "ENABLE", audit: "ENABLE" },
} as const;
type Variant = keyof typeof variants;
const names = Object.keys(variants) as Variant[];

interface Load {
  statement: keyof typeof statements;
  clients: number;
  /** Whether a commit waits for the disk, as it does on the platform; without, what is left is the server's work. */
  waits: boolean;
}

/** What row-level security and the audit trigger take of the throughput of a table. @returns its Markdown section */
export async function measureGuards(): Promise<string> {
  const settings = postgresSettings({ memoryMiB: 1024, maxConnections: 100 });
  const command = ["postgres", ...settings.flatMap((setting) => ["-c", setting])];
  const server = await PlatformDatabase.start({ onDisk: true, command });
  try {
    await server.furnish();
    await server.migrate();
    const identity = await logIn(server);
    const both = Object.keys(statements) as Load["statement"][];
    const loads = both.flatMap((statement) => [1, 16].map((clients) => ({ statement, clients, waits: true })));
    const ratios: string[][] = [];
    for (const load of loads) ratios.push(ratioRow(load, await measureLoad(server, identity, load)));
    const costs: string[][] = [];
    for (const statement of both) {
      costs.push(costRow(statement, await measureLoad(server, identity, { statement, clients: 1, waits: false })));
    }
    return `Statements a second on \`content.content_items\` by pgbench, as medians of ${rounds} runs of ${secondsEach} s, and their
share of the bare table's: the same one without row-level security, without the audit trigger, or without both.

${table(["statement", "clients", "bare", "row-level security", "audit", "both", `aim ${aim}`], ratios)}

What each adds to a statement, by one client whose commits do not wait for the disk:

${table(["statement", "bare", "row-level security", "audit", "both"], costs)}
`;
  } finally {
    await server.stop();
  }
}

/** Makes a key and a person. @returns the person's signed identity, good for an hour */
async function logIn(server: PlatformDatabase): Promise<string> {
  return server.psql(`
    INSERT INTO internal.secrets VALUES ('identity key', sha256(uuid_send(gen_random_uuid())));
    INSERT INTO auth.users (id, email, password_hash, birth_date) VALUES ('${person}', 'a@example.com', 'x', '1980-01-01');
    SELECT claim || ':' || ${signatureSql("'identity:' || claim")}
      FROM format('%s:user:%s', '${person}', extract(epoch FROM now())::bigint + 3600) AS claim`);
}

async function measureLoad(server: PlatformDatabase, identity: string, load: Load): Promise<Record<Variant, number>> {
  const found = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Variant, number[]>;
  for (let round = 1; round <= rounds; round++) {
    for (const name of names) {
      await renew(server, variants[name]);
      found[name].push(await throughput(server, identity, load));
    }
    const rates = names.map((name) => `${name} ${found[name].at(-1)!.toFixed(0)}`).join(", ");
    console.log(`Guards, ${load.statement} by ${load.clients}, round ${round} of ${rounds}: ${rates}`);
  }
  return Object.fromEntries(names.map((name) => [name, median(found[name])])) as Record<Variant, number>;
}

/** The table with 10,000 items and these guards, and an empty audit log. */
async function renew(server: PlatformDatabase, { security, audit }: (typeof variants)[Variant]): Promise<void> {
  await server.psql(`
    ALTER TABLE content.content_items DISABLE TRIGGER content_items_audit;
    TRUNCATE content.content_items, auth.audit_log CASCADE;
    INSERT INTO content.content_items (id, author_id, title, body)
    SELECT md5(n::text)::uuid, ${item} FROM generate_series(1, 10000) AS n;
    ALTER TABLE content.content_items ${security} ROW LEVEL SECURITY, ${audit} TRIGGER content_items_audit;
    VACUUM ANALYZE content.content_items;
    CHECKPOINT;`);
}

/** Statements a second, as the application's role. */
async function throughput(server: PlatformDatabase, identity: string, load: Load): Promise<number> {
  const options = [`role=hma_app`, `hma.identity=${identity}`, `synchronous_commit=${load.waits ? "on" : "off"}`];
  const session = `PGOPTIONS=${options.map((option) => `-c ${option}`).join(" ")}`;
  const clients = ["--client", String(load.clients), "--jobs", String(Math.min(load.clients, 2))];
  const how = ["--no-vacuum", "--protocol", "extended", ...clients, "--time", String(secondsEach), "--file", "-"];
  const command = ["env", session, "pgbench", "--username", superuser, ...how, server.connection().database];
  const output = await server.container.exec(command, statements[load.statement]);
  const [, rate] = /^tps = ([\d.]+)/m.exec(output) ?? [];
  if (!rate || !output.includes("failed transactions: 0 ")) throw new Error(`pgbench failed: ${output}`);
  return Number(rate);
}

function ratioRow({ statement, clients }: Load, rates: Record<Variant, number>): string[] {
  const share = (name: Variant) => rates[name] / rates.bare;
  const shares = names.slice(1).map((name) => share(name).toFixed(2));
  return [statement, String(clients), rates.bare.toFixed(0), ...shares, share("both") >= aim ? "reached" : "missed"];
}

function costRow(statement: string, rates: Record<Variant, number>): string[] {
  const micros = (name: Variant) => 1e6 / rates[name];
  const added = names.slice(1).map((name) => `${(micros(name) - micros("bare")).toFixed(0)} us`);
  return [statement, `${micros("bare").toFixed(0)} us`, ...added];
}
