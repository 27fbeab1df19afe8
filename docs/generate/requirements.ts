import { readFileSync } from "node:fs";
import { join } from "node:path";
import { code, table } from "../../lib/markdown";

/** `met`: built and shown by a test; `in part`: something is missing, a test perhaps; `open`: nothing is there yet. */
export const states = ["met", "in part", "open"] as const;

export type State = (typeof states)[number];

/** One line of what was asked for: a row of docs/requirements.md. */
export interface Requirement {
  /** The document that asks for it: the heading above. */
  document: string;
  id: string;
  state: State;
  /** Files and folders of the project, and the tests among them. */
  where: string[];
  shownBy: string[];
  /** What is missing; empty where nothing is. */
  gap: string;
}

const columns = 6;

const head = ["<!-- The counts: written by `make docs`. -->", "<!-- End of the counts. -->"] as const;
const foot = "<!-- Where the names above lead: written by `make docs`. -->";

/**
 * The rows of docs/requirements.md.
 *
 * @throws Error that names every row which cannot be read
 */
export function parseRequirements(text: string): Requirement[] {
  const mistakes: string[] = [];
  const requirements: Requirement[] = [];
  let document = "";
  for (const [index, line] of text.split("\n").entries()) {
    if (line.startsWith("## ")) document = line.slice(3);
    if (document === "" || !line.startsWith("| ") || line.startsWith("| id |") || line.startsWith("| --- |")) continue;
    const cells = line.slice(2, -2).split(" | ").map((cell) => cell.trim());
    const [id = "", , state = "", where = "", shownBy = "", gap = ""] = cells;
    if (cells.length !== columns) mistakes.push(`line ${index + 1} has ${cells.length} cells in place of ${columns}`);
    else if (!isState(state)) mistakes.push(`${id} is "${state}", and must be one of ${states.join(", ")}`);
    else requirements.push({ document, id, state, ...rest(where, shownBy, gap) });
  }
  if (mistakes.length > 0) throw new Error(`docs/requirements.md: ${mistakes.join("; ")}`);
  return requirements;
}

const isState = (text: string): text is State => states.some((state) => state === text);

const rest = (where: string, shownBy: string, gap: string) => ({
  where: names(where),
  shownBy: names(shownBy),
  gap: gap === "-" ? "" : gap,
});

/** What stands in brackets. */
const names = (cell: string) => [...cell.matchAll(/\[([^\]]+)\]/g)].map(([, name]) => name!);

/** The page with its counts at the top and the targets of its links at the end; the rows stay as they are. */
export function renderRequirements(text = readRequirements()): string {
  const requirements = parseRequirements(text);
  const [before, after, end] = [...head, foot].map((mark) => text.indexOf(mark)) as [number, number, number];
  if (before < 0 || after < before || end < after) {
    throw new Error(`docs/requirements.md must have these lines, in this order: ${[...head, foot].join(" ")}`);
  }
  const counts = `${text.slice(0, before)}${head[0]}\n\n${renderCounts(requirements)}\n\n`;
  return `${counts}${text.slice(after, end)}${foot}\n\n${renderTargets(requirements)}\n`;
}

export const readRequirements = () => readFileSync(join(__dirname, "../requirements.md"), "utf8");

function renderCounts(requirements: readonly Requirement[]): string {
  const row = (title: string, of: readonly Requirement[]) => [
    title,
    ...states.map((state) => String(of.filter((requirement) => requirement.state === state).length)),
    String(of.length),
  ];
  const documents = [...new Set(requirements.map(({ document }) => document))];
  const rows = documents.map((title) => row(title, requirements.filter(({ document }) => document === title)));
  return table(["document", ...states.map(code), "lines"], [...rows, row("all", requirements)]);
}

function renderTargets(requirements: readonly Requirement[]): string {
  const all = requirements.flatMap(({ where, shownBy }) => [...where, ...shownBy]);
  return [...new Set(all)].sort().map((name) => `[${name}]: ../${name}`).join("\n");
}
