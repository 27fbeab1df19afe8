import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { baseImage } from "../../catalog/images";
import { run, succeeds, which } from "./commands";
import { clientSettings } from "./client-settings";
import { aptInstall } from "./docker";
import { step } from "./progress";

/** How long a registry may take to say that it has the image, and then to hand it over, in milliseconds. */
const pullTimeout = 5 * 60_000;
const debianRelease = baseImage.replace(/^debian:(\w+)-slim$/, "$1");

/** What `-slim` says: no manuals, no translations. */
const slim = [
  "path-exclude=/usr/share/man/*",
  "path-exclude=/usr/share/info/*",
  "path-exclude=/usr/share/locale/*",
  "path-exclude=/usr/share/doc/*",
  "path-include=/usr/share/doc/*/copyright",
];

/** Makes the image that all others are built on available: as it is, else from a registry, else made here. */
export async function ensureBaseImage(): Promise<void> {
  if (await succeeds("docker", ["image", "inspect", baseImage])) return;
  const pulled = await step(`Pulling ${baseImage}`, () =>
    succeeds("docker", ["pull", "--quiet", baseImage], { timeout: pullTimeout }),
  );
  if (!pulled) await step(`Making ${baseImage} with mmdebstrap`, makeBaseImage);
}

/**
 * The same image from Debian's packages, which apt verifies. What the host's package clients need to reach their
 * registries (certificates, registry addresses, proxies) goes into the usual system files, so that builds on it need
 * no build arguments; credentials stay out.
 */
async function makeBaseImage() {
  if (!which("mmdebstrap")) await aptInstall(["mmdebstrap"]);
  const folder = await mkdtemp(join(tmpdir(), "hma-base-"));
  try {
    const tarball = join(folder, "base.tar");
    const { sources, files } = await clientSettings(debianRelease);
    const hooks: string[] = [];
    for (const [index, { path, content }] of files.entries()) {
      const file = join(folder, `setting-${index}`);
      await writeFile(file, content);
      hooks.push(`mkdir -p "$1${dirname(path)}"`, `upload ${file} ${path}`);
    }
    hooks.push('chroot "$1" update-ca-certificates');
    const args = [
      "--variant=minbase",
      "--include=ca-certificates",
      ...slim.map((option) => `--dpkgopt=${option}`),
      ...hooks.map((hook) => `--customize-hook=${hook}`),
      debianRelease,
      tarball,
    ];
    // Without a list on standard input mmdebstrap takes Debian's own mirror.
    await run("mmdebstrap", sources ? [...args, "-"] : args, { input: sources ?? "" });
    await run("docker", ["import", "--change", 'CMD ["bash"]', tarball, baseImage]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
