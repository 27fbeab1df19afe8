import { randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, link, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run, succeeds } from "./commands";
import { places, project } from "./places";

/** Makes the machine's home of the project, with the passphrase that encrypts the secrets in its state. */
export async function ensureHome(): Promise<void> {
  const { home, state } = places();
  await mkdir(state, { recursive: true, mode: 0o700 });
  await chmod(home, 0o700);
  if (!hasOwnPassphrase()) await ensurePassphrase();
}

/** Users who bring a passphrase of their own keep it where they want. */
export const hasOwnPassphrase = (env = process.env): boolean =>
  env["PULUMI_CONFIG_PASSPHRASE"] !== undefined || env["PULUMI_CONFIG_PASSPHRASE_FILE"] !== undefined;

async function ensurePassphrase() {
  const { passphraseFile } = places();
  if (existsSync(passphraseFile)) return;
  // Written whole and then linked: of two first runs at once, both use the one that came first.
  const own = `${passphraseFile}.${randomUUID()}`;
  await writeFile(own, randomBytes(32).toString("base64url"), { mode: 0o600 });
  try {
    await link(own, passphraseFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(own);
  }
}

/**
 * Pulumi writes `encryptionsalt` into the stack's file. It belongs to this machine's passphrase and would only make
 * conflicts in git, so .gitattributes names a filter that leaves the line out of what is committed. Git runs only
 * filters that the clone itself has configured, which is done here.
 */
export async function ensureSaltFilter(): Promise<void> {
  if (!existsSync(join(project, ".git"))) return;
  const settings = { clean: "sed '/^encryptionsalt:/d'", smudge: "cat" };
  for (const [name, command] of Object.entries(settings)) {
    await run("git", ["config", "--local", `filter.hma-stack-salt.${name}`, command], { cwd: project });
  }
}

/**
 * Tells git that a stack's file is as it was when the salt is all that Pulumi added: by its size alone git takes it for
 * changed, and does not ask the filter.
 */
export async function settleStackFile(stack: string): Promise<void> {
  const file = `Pulumi.${stack}.yaml`;
  const git = (...args: string[]) => succeeds("git", ["-C", project, ...args, "--", file]);
  if ((await git("ls-files", "--error-unmatch")) && (await git("diff", "--quiet"))) await git("update-index");
}
