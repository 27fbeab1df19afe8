import { run } from "../bootstrap/commands";
import { pythonPackages } from "../python/packages";

/** Programs of PyPI that attack a service: by all that its OpenAPI document allows and forbids, and by SQL. */
export type Attacker = "schemathesis" | "sqlmap";

const modules: Record<Attacker, string> = { schemathesis: "schemathesis.cli", sqlmap: "sqlmap.sqlmap" };

/** Installs the pinned attackers, unless they are in the cache. @returns the folder that holds them */
export const installAttackers = (): Promise<string> => pythonPackages("attackers", "toolchain/attack/requirements.txt");

export interface AttackOptions {
  /** Folder for what it writes; its configuration is looked for there too. */
  cwd: string;
  /** Milliseconds after which it is killed. */
  timeout: number;
}

/**
 * Runs an attacker.
 *
 * @returns its standard output
 * @throws CommandError if it does not end with 0; schemathesis does so where it has found something
 */
export async function attack(attacker: Attacker, args: readonly string[], options: AttackOptions): Promise<string> {
  const folder = await installAttackers();
  const env = { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: "1", HOME: options.cwd };
  // Without `site`: with these packages alone, whatever the machine's Python has beside them.
  return run("python3", ["-S", "-m", modules[attacker], ...args], { ...options, env });
}
