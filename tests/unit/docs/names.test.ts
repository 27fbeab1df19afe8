import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../support/stack-files";

const decisions = readdirSync(join(projectRoot, "docs/decisions")).map((name) => `docs/decisions/${name}`);
const guides = ["docs/maintenance.md", "docs/migrations.md", "docs/modules.md", "docs/telemetry.md"];
const documents = ["README.md", "docs/requirements.md", ...guides, ...decisions];
const read = (name: string) => readFileSync(join(projectRoot, name), "utf8");
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name!);

/** What stands in backticks or leads a line of a code block and can only be a path of the project. */
function paths(text: string): string[] {
  const spans = found(text, /`([^`\n]+)`/g);
  const blocks = found(text, /^ {4}([\w-]+\/) /gm);
  const isPath = (span: string) => /^[\w-][\w.-]*(\/[\w.-]+)*(\/|\.(ts|md|sql|json|yaml|mod))$/.test(span);
  return [...spans.filter(isPath), ...blocks];
}

/** Where its links lead, from the project's root. */
function targets(document: string, text: string): string[] {
  const local = found(text, /\]\(([^)#]+)[^)]*\)/g).filter((target) => !target.includes("://"));
  return local.map((target) => relative(projectRoot, join(projectRoot, dirname(document), target)));
}

const missing = (names: readonly string[]) => names.filter((name) => !existsSync(join(projectRoot, name)));

describe.each(documents)("%s", (document) => {
  const text = read(document);

  it("names no file that is not there", () => {
    const named = document === "docs/requirements.md" ? [] : paths(text);
    expect(missing([...named, ...targets(document, text)])).toEqual([]);
  });

  it("names no command that make does not know", () => {
    const known = new Set(found(read("Makefile"), /^([a-z-]+):/gm));
    const named = found(text, /(?:^ {4}|`|\()(?:\w+=\S+ )?make (?:-s )?([a-z-]+)/gm);
    expect(named.filter((target) => !known.has(target))).toEqual([]);
  });
});

describe("the names that are looked for", () => {
  it("are paths and links, and not other words in backticks", () => {
    const spans = "`lib/a.ts` `sql/` `outputs.ts` `.env` `hma/<image>` `@pulumi/tls` `~/.x/y.md` `pulumi up` `auth.users`";
    expect(paths(`${spans}\n    docs/  text`)).toEqual(["lib/a.ts", "sql/", "outputs.ts", "docs/"]);
    expect(targets("docs/decisions/a.md", "[a](../b.md#c) [d](https://e.f/g)")).toEqual(["docs/b.md"]);
  });
});
