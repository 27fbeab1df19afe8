import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attack } from "../../../toolchain/attack/attackers";
import { CommandError } from "../../../toolchain/bootstrap/commands";
import { readReport, type ContractReport } from "./report";

export interface ContractArgs {
  /** Where the service listens; its document is at `/openapi.json`. */
  url: string;
  /** Access token of who asks; absent: nobody. */
  token?: string | undefined;
  /** `METHOD /path` of operations to leave out. */
  exclude: readonly string[];
  /** Values that there are, of which some requests have one: `path.id`, `body.model`. */
  known: Readonly<Record<string, readonly string[]>>;
  /** Requests of each operation that are made up at random; none: those at the schemas' boundaries alone. */
  random: number;
  /** Milliseconds after which it is given up. */
  timeout: number;
}

/** Those that a path may not have; QUERY is of a draft, and Fastify's parser has its own opinion of it. */
const otherMethods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

/** Asks a service everything that its document allows and forbids. */
export async function holdToContract(args: ContractArgs): Promise<ContractReport> {
  const folder = await mkdtemp(join(tmpdir(), "hma-test-"));
  try {
    // In a file, for the token's sake: everybody sees a process's arguments.
    await writeFile(join(folder, "schemathesis.toml"), settings(args), { mode: 0o600 });
    const report = ["--report=ndjson", "--report-ndjson-path=report.ndjson"];
    const exclude = args.exclude.map((name) => `--exclude-name=${name}`);
    const output = await attack("schemathesis", ["run", `${args.url}/openapi.json`, ...report, ...exclude], {
      cwd: folder,
      timeout: args.timeout,
    }).catch((error: unknown) => {
      // It has found something, which the report tells.
      if (error instanceof CommandError && error.code === 1) return error.output;
      throw error;
    });
    return readReport(await readFile(join(folder, "report.ndjson"), "utf8"), output);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** TOML, whose texts and lists of them are JSON's. */
function settings({ token, known, random }: ContractArgs): string {
  const parameters = Object.keys(known).map(
    (name) => `${JSON.stringify(name)} = { dictionary = ${JSON.stringify(name)}, probability = 0.3 }`,
  );
  const dictionaries = Object.entries(known).map(
    ([name, values]) => `${JSON.stringify(name)} = { values = ${JSON.stringify(values)} }`,
  );
  return `
continue-on-failure = true
max-redirects = 0
request-timeout = 10.0
workers = 1
headers = { ${token ? `Authorization = "Bearer ${token}"` : ""} }
auth = { auto-signup = false }

[phases]
coverage = { unexpected-methods = ${JSON.stringify(random > 0 ? otherMethods : [])} }
fuzzing = { enabled = ${random > 0} }
stateful = { enabled = ${random > 0} }

[generation]
max-examples = ${Math.max(1, random)}
no-shrink = true
database = "none"

[checks]
negative_data_rejection = { expected-statuses = [400, 401, 403, 404, 413, 415, 422] }
positive_data_acceptance = { expected-statuses = ["2xx", "302", "401", "403", "404", "409"] }

[output]
sanitization = { enabled = false }
truncation = { enabled = false }

[parameters]
${parameters.join("\n")}

[dictionaries]
${dictionaries.join("\n")}
`;
}
