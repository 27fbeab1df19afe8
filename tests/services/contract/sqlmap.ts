import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attack } from "../../../toolchain/attack/attackers";

/** A valid request of an operation: its parameters by name, and its body. */
export interface Example {
  parameters?: Readonly<Record<string, string>>;
  body?: Readonly<Record<string, unknown>>;
}

/** What is read of an OpenAPI document here. */
export interface Document {
  paths: Record<string, Record<string, Operation>>;
}

interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, object> };
}

export interface Target {
  url: string;
  document: Document;
  /** By `METHOD /path`; the other operations are left alone. */
  examples: Readonly<Record<string, Example>>;
  /** Access token of who asks. */
  token?: string | undefined;
}

export interface Injections {
  /** Parameters that SQL was put into, and that did nothing with it. */
  harmless: number;
  /** What is known of those that ran it. */
  findings: unknown[];
}

/**
 * Puts SQL into every parameter of a service, in a path, query, body or header.
 *
 * @param timeout milliseconds for each half of it
 */
export async function inject(target: Target, timeout: number): Promise<Injections> {
  // Where sqlmap finds a header among the parameters it leaves the query alone.
  const others = await injectInto(target, (place) => place !== "header", timeout);
  const headers = await injectInto(target, (place) => place === "header", timeout);
  return { harmless: others.harmless + headers.harmless, findings: [...others.findings, ...headers.findings] };
}

async function injectInto(target: Target, isWanted: (place: string) => boolean, timeout: number): Promise<Injections> {
  const { url, token } = target;
  const paths = pathsOf(target, isWanted);
  if (Object.keys(paths).length === 0) return { harmless: 0, findings: [] };
  const folder = await mkdtemp(join(tmpdir(), "hma-test-"));
  try {
    await writeFile(join(folder, "openapi.json"), JSON.stringify({ openapi: "3.1.0", servers: [{ url }], paths }));
    // In a file, for the token's sake: everybody sees a process's arguments.
    const settings = `[Target]\n[Request]\nheaders = ${token ? `Authorization: Bearer ${token}` : ""}\n`;
    await writeFile(join(folder, "sqlmap.conf"), settings, { mode: 0o600 });
    const files = ["-c", "sqlmap.conf", "--openapi=openapi.json", "--output-dir=.", "--report-json=report.json"];
    const scope = ["--dbms=PostgreSQL", "--technique=BEUST", "--ignore-code=*", "--time-sec=2", "--skip-waf"];
    const plain = ["--batch", "--flush-session", "--disable-coloring"];
    const output = await attack("sqlmap", [...files, ...scope, ...plain], { cwd: folder, timeout });
    const { data } = JSON.parse(await readFile(join(folder, "report.json"), "utf8")) as { data: unknown[] };
    return { harmless: output.split("does not seem to be injectable").length - 1, findings: data };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Operations with their examples, and of their parameters those at wanted places. */
function pathsOf({ document, examples }: Target, isWanted: (place: string) => boolean): Document["paths"] {
  const paths: Document["paths"] = {};
  for (const [name, { parameters: values = {}, body }] of Object.entries(examples)) {
    const [method, path] = name.split(" ") as [string, string];
    const operation = document.paths[path]?.[method.toLowerCase()];
    if (!operation) throw new Error(`${name} has an example and is not in the document`);
    const wanted = (operation.parameters ?? []).filter((parameter) => isWanted(parameter.in) || parameter.in === "path");
    const parameters = wanted.map((parameter) => ({ ...parameter, example: values[parameter.name] }));
    const isBodyWanted = body && isWanted("body");
    if (!isBodyWanted && !wanted.some((parameter) => isWanted(parameter.in))) continue;
    const requestBody = { content: { "application/json": { example: body } } };
    (paths[path] ??= {})[method.toLowerCase()] = { parameters, ...(isBodyWanted && { requestBody }) };
  }
  return paths;
}

/** Names of operations that take anything. */
export function operationsWithParameters({ paths }: Document): string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { parameters, requestBody }]) => (parameters ?? []).length > 0 || requestBody)
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  );
}
