import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseRequirements, readRequirements, renderRequirements } from "../../../docs/generate/requirements";
import { projectRoot } from "../../support/stack-files";

const requirements = parseRequirements(readRequirements());
const ids = (list: typeof requirements) => list.map(({ id }) => id);
/** A test, or a page of measured figures. */
const isEvidence = (path: string) =>
  /^tests\/(.+\.test|lint|run|bench\/.+)\.ts$|^docs\/(benchmarks|proofs)\.md$/.test(path);

describe("docs/requirements.md", () => {
  it("has every line of the documents under an id of its own", () => {
    expect(requirements.length).toBeGreaterThan(0);
    expect(ids(requirements).filter((id) => !/^[a-z]+(-[a-z]+)?-[a-z0-9]+(\.[a-z0-9]+)*$/.test(id))).toEqual([]);
    expect(ids(requirements).filter((id, index, all) => all.indexOf(id) !== index)).toEqual([]);
  });

  it("says where what is there is, and what is missing of the rest", () => {
    const where = requirements.filter((one) => one.where.length > 0 !== (one.state !== "open"));
    const gap = requirements.filter((one) => (one.gap === "") !== (one.state === "met"));
    expect([ids(where), ids(gap)]).toEqual([[], []]);
  });

  it("names a test or a figure for everything that is met, and nothing else", () => {
    const untested = requirements.filter(({ state, shownBy }) => state === "met" && shownBy.length === 0);
    const tested = requirements.filter(({ state, shownBy }) => state === "open" && shownBy.length > 0);
    expect([ids(untested), ids(tested)]).toEqual([[], []]);
    expect(requirements.flatMap(({ shownBy }) => shownBy).filter((path) => !isEvidence(path))).toEqual([]);
  });

  it("names only what is there", () => {
    const paths = requirements.flatMap(({ where, shownBy }) => [...where, ...shownBy]);
    expect([...new Set(paths)].filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });

  it("has the counts and targets that its rows give", () => {
    expect(renderRequirements()).toBe(readRequirements());
  });

  it("is refused with a state that nobody knows, or a cell too many", () => {
    const rows = ["| x-1 | a | done | - | - | - |", "| x-2 | a | met | - | - | - | - |"];
    const message = /x-1 is "done", and must be one of met, in part, open; line 3 has 7 cells/;
    expect(() => parseRequirements(["## A document", ...rows].join("\n"))).toThrow(message);
  });
});
