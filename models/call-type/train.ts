import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../../lib/command";
import { UserError } from "../../lib/errors";
import { cardFile, weightsFile, type ModelCard } from "../../lib/models";
import { release, version } from "./release";

/** `make model`: trains the model and writes its version, or finds that it is the one that is there. */
command("model", async () => {
  const { weights, card } = release();
  const folder = join(__dirname, version);
  const files = { [weightsFile]: weights, [cardFile]: Buffer.from(render(card)) };
  const changed = Object.entries(files).filter(([file, content]) => !readIfThere(join(folder, file))?.equals(content));
  if (changed.length > 0 && existsSync(folder)) {
    throw new UserError("The model was not written:", [
      {
        where: `models/call-type/${version}`,
        what: "is there already, and is not what training makes now",
        mend: "a released version stays as it is: raise `version` in models/call-type/release.ts",
      },
    ]);
  }
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of changed) writeFileSync(join(folder, file), content);
  const { accuracy, dataset } = card.measured;
  process.stdout.write(
    `call-type ${version}, ${weights.length} bytes, sha256 ${card.sha256}: ${accuracy} right of ${dataset}.\n` +
      `Next: make ${changed.length > 0 ? "docs" : "up"}\n`,
  );
});

/** A line for each of its parts, for some are lists of a thousand numbers. */
function render(card: ModelCard): string {
  const lines = Object.entries(card).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

function readIfThere(file: string): Buffer | undefined {
  return existsSync(file) ? readFileSync(file) : undefined;
}
