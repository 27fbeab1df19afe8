import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { UserError } from "../../lib/errors";

/** The checkout: the folder of Pulumi.yaml. */
export const project = resolve(__dirname, "../..");

/** The name in Pulumi.yaml: state and config keys go by it. */
export const projectName = "hma-infra";

/** Where the machine keeps what belongs to no checkout. */
export interface Places {
  /** State and passphrase. `HMA_HOME`, default `~/.hma-infra`. */
  home: string;
  /** Pulumi's file backend: below home, or where `PULUMI_BACKEND_URL` says. */
  state: string;
  /** The backend as a URL, where it is not the one that Pulumi.yaml names. */
  backendUrl?: string;
  passphraseFile: string;
  /** What was fetched or built; may be deleted at any time. `HMA_CACHE`, default `~/.cache/hma-infra`. */
  cache: string;
}

export function places(env: NodeJS.ProcessEnv = process.env): Places {
  const home = resolve(env["HMA_HOME"] ?? join(homedir(), ".hma-infra"));
  const cache = resolve(env["HMA_CACHE"] ?? join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "hma-infra"));
  const chosen = env["PULUMI_BACKEND_URL"] ?? (env["HMA_HOME"] && `file://${home}/state?create_dir=true&metadata=skip`);
  return {
    home,
    state: chosen ? folderOf(chosen) : join(home, "state"),
    ...(chosen && { backendUrl: chosen }),
    passphraseFile: join(home, "passphrase"),
    cache,
  };
}

/** The folder of a `file://` backend. */
function folderOf(backendUrl: string): string {
  const path = /^file:\/\/([^?]+)/.exec(backendUrl)?.[1];
  if (path) return resolve(path.replace(/^~(?=\/|$)/, homedir()));
  const mend = "Unset it for make, which looks after locks and interrupted runs itself, or call pulumi directly.";
  const mistake = { where: "PULUMI_BACKEND_URL", what: `${backendUrl} is not a file:// backend`, mend };
  throw new UserError("This backend is not for make:", [mistake]);
}
