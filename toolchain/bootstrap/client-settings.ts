import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { CommandError, run, which } from "./commands";

/** What a container needs to reach the registries that this host reaches. */
export interface ClientSettings {
  /** apt sources of a release from the host's own mirror; undefined where the host is no Debian. */
  sources: string | undefined;
  /** Files in the places where the clients look by themselves. */
  files: { path: string; content: string }[];
}

/** Reads the settings of this host's package clients, without credentials. */
export async function clientSettings(release: string): Promise<ClientSettings> {
  const bundle = process.env["SSL_CERT_FILE"] ?? "/etc/ssl/certs/ca-certificates.crt";
  const files = {
    "/usr/local/share/ca-certificates/host.crt": existsSync(bundle) ? await readFile(bundle, "utf8") : "",
    "/etc/apt/apt.conf.d/90host": aptProxies(await ask("apt-config", ["dump"])),
    "/etc/npmrc": line("registry=", await ask("npm", ["config", "get", "registry"])),
    "/etc/pip.conf": line("[global]\nindex-url = ", await ask("pip", ["config", "get", "global.index-url"])),
    "/root/.config/go/env": goSettings(await ask("go", ["env", "-json", "GOPROXY", "GOSUMDB", "GONOSUMDB"])),
  };
  const targets = ["indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages", "Origin: Debian"];
  return {
    sources: debianSources(await ask("apt-get", targets), release),
    files: Object.entries(files)
      .filter(([, content]) => content !== "")
      .map(([path, content]) => ({ path, content: path.endsWith(".crt") ? content : withoutCredentials(content) })),
  };
}

/** What a client says; nothing where it is not installed or the setting is not set. */
async function ask(command: string, args: readonly string[]): Promise<string> {
  if (!which(command)) return "";
  try {
    return (await run(command, args)).trim();
  } catch (error) {
    if (error instanceof CommandError) return "";
    throw error;
  }
}

const line = (prefix: string, value: string) => (value ? `${prefix}${value}\n` : "");

/** `user:password@` of URLs: an image keeps what is put into it. */
export const withoutCredentials = (text: string) => text.replace(/(\w+:\/\/)[^/\s@"]+@/g, "$1");

/** The proxy lines of `apt-config dump`. */
export const aptProxies = (dump: string) =>
  dump
    .split("\n")
    .filter((setting) => /^Acquire::https?::Proxy\b.*"[^"]+";$/i.test(setting))
    .map((setting) => `${setting}\n`)
    .join("");

/** `go env -json` as the file that `go env -w` would write. */
export function goSettings(json: string): string {
  const settings = Object.entries(JSON.parse(json || "{}") as Record<string, string>);
  return settings.map(([name, value]) => line(`${name}=`, value)).join("");
}

/**
 * The host's Debian sources for another release.
 *
 * @param targets lines of `URI release component`
 */
export function debianSources(targets: string, release: string): string | undefined {
  const sources = targets
    .split("\n")
    .map((target) => /^(\S+) [a-z]+(-updates|-security)? main$/.exec(target))
    .filter((match) => match !== null)
    .map(([, uri, pocket = ""]) => `deb ${withoutCredentials(uri!)} ${release}${pocket} main\n`);
  return sources.length > 0 ? [...new Set(sources)].join("") : undefined;
}
