import { chmod, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const toolchain = resolve(__dirname, "..");
const nothing = join(__dirname, "nothing.ts");

/**
 * Bundles the language host and every provider below toolchain/plugins to one executable file each in `output`:
 * `pulumi-language-nodejs` and `pulumi-resource-NAME`. They need Node and nothing else.
 *
 * @returns the files, by their names
 */
export async function buildPlugins(output: string): Promise<string[]> {
  const entries = await readdir(join(toolchain, "plugins"), { withFileTypes: true });
  const providers = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const executables: Record<string, string> = {
    "pulumi-language-nodejs": join(toolchain, "language-nodejs/main.ts"),
    ...Object.fromEntries(
      providers.map((name) => [`pulumi-resource-${name}`, join(toolchain, "plugins", name, "main.ts")]),
    ),
  };
  const names = Object.keys(executables);
  await Promise.all(names.map((name) => bundle(executables[name]!, join(output, name))));
  return names;
}

async function bundle(entry: string, file: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minifySyntax: true,
    // Optional speed-ups of pg, ssh2 and others; each is tried and done without.
    external: ["*.node", "pg-native", "cpu-features"],
    // Docker over SSH, and sessions with its builder: half of dockerode's start, and never used here.
    alias: { ssh2: nothing, "@grpc/proto-loader": nothing },
    // Newer Nodes have a navigator. Without it, pg loads an HTTP client to find out that this is not Cloudflare.
    banner: { js: '#!/usr/bin/env node\nglobalThis.navigator ??= { userAgent: "Node.js" };' },
    logLevel: "error",
  });
  await chmod(file, 0o755);
}
