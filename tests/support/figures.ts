import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { project } from "../../toolchain/bootstrap/places";

/** What a proof has measured or counted. */
interface Figure {
  /** Its number in docs/proofs.md. */
  proof: number;
  figure: string;
}

const fileName = "figures.jsonl";

/** Whether the long proofs run in full (`make proofs`), or as the sample that `make test` has the time for. */
export const inFull = process.env["HMA_PROOFS"] === "full";

/** Prints what a proof has shown, and keeps it for docs/proofs.md. Call it after the expectations. */
export async function report(proof: number, figure: string): Promise<void> {
  console.log(`proof ${proof}: ${figure}`);
  const home = process.env["HMA_HOME"];
  const line: Figure = { proof, figure };
  if (home) await appendFile(join(home, fileName), `${JSON.stringify(line)}\n`);
}

/** Writes docs/proofs.md from what the tests have reported. */
export async function writeProofs(home: string): Promise<void> {
  const lines = (await readFile(join(home, fileName), "utf8")).split("\n").filter(Boolean);
  const figures = lines.map((line) => JSON.parse(line) as Figure).sort((a, b) => a.proof - b.proof);
  const rows = figures.map(({ proof, figure }) => `| ${proof} | ${figure} |`);
  const text = ["# Proofs", "", "What the last `make proofs` has shown.", "", "| proof | shown |", "| --- | --- |", ...rows, ""];
  await writeFile(join(project, "docs/proofs.md"), text.join("\n"));
}
