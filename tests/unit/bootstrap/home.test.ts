import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pulumiVariables } from "../../../toolchain/bootstrap/environment";
import { ensureHome } from "../../../toolchain/bootstrap/home";
import { places } from "../../../toolchain/bootstrap/places";

let home: string;

beforeEach(async () => {
  home = join(await mkdtemp(join(tmpdir(), "hma-home-")), "home");
  vi.stubEnv("HMA_HOME", home);
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", undefined);
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE_FILE", undefined);
  vi.stubEnv("PULUMI_BACKEND_URL", undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(join(home, ".."), { recursive: true });
});

const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe("the machine's home", () => {
  it("has a random passphrase that its owner alone reads, and keeps it", async () => {
    await ensureHome();
    const passphrase = await readFile(places().passphraseFile, "utf8");
    expect(Buffer.from(passphrase, "base64url")).toHaveLength(32);
    expect([await mode(home), await mode(places().passphraseFile)]).toEqual(["700", "600"]);
    await ensureHome();
    expect(await readFile(places().passphraseFile, "utf8")).toBe(passphrase);
    expect((await readdir(home)).sort()).toEqual(["passphrase", "state"]);
  });

  it("has one passphrase after two first runs at once", async () => {
    await Promise.all([ensureHome(), ensureHome()]);
    expect((await readdir(home)).sort()).toEqual(["passphrase", "state"]);
  });

  it("leaves a user's own passphrase alone", async () => {
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE_FILE", "/elsewhere");
    await ensureHome();
    expect(await readdir(home)).toEqual(["state"]);
    expect(pulumiVariables({ bin: "/bin" })).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE_FILE");
  });

  it("follows a file backend, and refuses another", () => {
    expect(places()).toMatchObject({ state: join(home, "state"), backendUrl: `file://${home}/state?create_dir=true&metadata=skip` });
    expect(places({ PULUMI_BACKEND_URL: "file:///srv/state?create_dir=true" }).state).toBe("/srv/state");
    expect(places({})).not.toHaveProperty("backendUrl");
    expect(() => places({ PULUMI_BACKEND_URL: "s3://bucket" })).toThrow("s3://bucket is not a file:// backend");
  });
});
