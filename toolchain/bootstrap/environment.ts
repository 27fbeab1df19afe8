import { delimiter } from "node:path";
import { hasOwnPassphrase } from "./home";
import { places } from "./places";
import type { Toolchain } from "./stand-ins";

/** The variables that make a plain `pulumi up` work in a shell, without PATH. `make shell` prints them. */
export function pulumiVariables(toolchain: Toolchain): Record<string, string> {
  const { passphraseFile, backendUrl } = places();
  return {
    ...(toolchain.pulumiHome && { PULUMI_HOME: toolchain.pulumiHome }),
    ...(!hasOwnPassphrase() && { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile }),
    ...(backendUrl && { PULUMI_BACKEND_URL: backendUrl }),
    // The stack's file comes from git without its salt; the state has it too.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Pulumi writes the whole state about 400 times a bring-up; Go need not collect after every few of them.
    GOGC: "400",
  };
}

/** The whole environment for a command that runs `pulumi`. */
export function pulumiEnvironment(toolchain: Toolchain): NodeJS.ProcessEnv {
  const PATH = [toolchain.bin, process.env["PATH"]].join(delimiter);
  return { ...process.env, PATH, ...pulumiVariables(toolchain) };
}
