import type { Mistake } from "../errors";

/** What a migration needs of its server: `-- requires: postgres >= 17`, `-- requires: extension postgis >= 3.5`. */
export interface Requirement {
  /** The extension that has to be there; absent for the server itself. */
  extension?: string;
  /** Least version, e.g. `3.5`; absent where any will do. */
  minimum?: string;
  /** Where the file says so, from 1. */
  line: number;
}

/** What a server has. */
export interface ServerFacts {
  /** Its version, e.g. `17.6`. */
  postgres: string;
  /** Version of each extension of the database by its name. */
  extensions: Readonly<Record<string, string>>;
}

const version = String.raw`(\d+(?:\.\d+)*)`;
const syntax = new RegExp(String.raw`^(?:postgres\s*>=\s*${version}|extension\s+([a-z][\w-]*)(?:\s*>=\s*${version})?)$`);

/** Reads what follows `-- requires:`; undefined where that is no requirement. */
export function parseRequirement(text: string, line: number): Requirement | undefined {
  const found = syntax.exec(text.trim());
  if (!found) return undefined;
  const [, postgres, extension, minimum = postgres] = found;
  return { line, ...(extension && { extension }), ...(minimum && { minimum }) };
}

/** A file and what it says that it needs. */
interface Requiring {
  file: string;
  requirements: readonly Requirement[];
}

/** Every requirement of these files that the server does not meet. */
export function unmetRequirements(scripts: readonly Requiring[], server: ServerFacts): Mistake[] {
  return scripts.flatMap(({ file, requirements }) =>
    requirements.flatMap((requirement) => {
      const unmet = compare(requirement, server);
      return unmet ? [{ where: `${file}:${requirement.line}`, ...unmet }] : [];
    }),
  );
}

function compare({ extension, minimum }: Requirement, server: ServerFacts): Omit<Mistake, "where"> | undefined {
  const there = extension === undefined ? server.postgres : server.extensions[extension];
  if (there !== undefined && (minimum === undefined || !isOlder(there, minimum))) return undefined;
  const wanted = minimum === undefined ? "" : ` ${minimum} or newer`;
  if (extension === undefined) {
    return { what: `requires Postgres${wanted}, and the server is ${there}`, mend: "upgrade the server first" };
  }
  const what = `requires extension ${extension}${wanted}, and the database has ${there ?? "none"}`;
  const mend = there === undefined ? "add it to catalog/extensions.ts, and run pulumi up" : "upgrade it";
  return { what, mend };
}

/** Compares number by number: `17` is older than `17.1`, `3.10` is not older than `3.9`. */
function isOlder(version: string, minimum: string): boolean {
  const [have, need] = [version, minimum].map((text) => text.split(".").map((part) => parseInt(part, 10)));
  const differs = need!.findIndex((part, index) => part !== (have![index] ?? 0));
  return differs >= 0 && (have![differs] ?? 0) < need![differs]!;
}
