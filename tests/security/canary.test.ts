import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { baseImage } from "../../catalog/images";
import { superuser } from "../../catalog/roles";
import { places, project } from "../../toolchain/bootstrap/places";
import { report } from "../support/figures";
import { upLog } from "../support/lifecycle";
import { execute, pulumi, testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";
import { found, planted, type Secret, secretsOf } from "./canary/secrets";
import * as place from "./canary/places";

/**
 * Proof 25: no secret of the stack shows anywhere. Beside each search stands one that has to find something: a secret
 * planted in such a place, or those that Pulumi shows when it is asked to.
 */
let clients: StackClients;
let secrets: Secret[];
let containers: { all: string[]; running: string[] };
/** In each test, a new one. */
const newCanary = () => randomBytes(24).toString("hex");

let searched = 0;
function expectNone(where: string | Buffer): void {
  searched += where.length;
  expect(where.length).toBeGreaterThan(0);
  expect(found(secrets, where)).toEqual([]);
}
const expectPlanted = (canary: string, where: string | Buffer) => expect(found([planted(canary)], where)).toEqual(["planted"]);

/** What a run of Pulumi prints in all. */
async function told(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await pulumi(args);
  expect(code, stderr).toBe(0);
  return stdout + stderr;
}

beforeAll(async () => {
  clients = new StackClients(await testOutputs());
  secrets = secretsOf(await told("stack", "export", "--show-secrets"));
  secrets.push({ ...planted(readFileSync(places().passphraseFile, "utf8")), name: "passphrase" });
  containers = await place.stackContainers();
});
afterAll(() => report(25, `${secrets.length} secrets in ${(searched / 2 ** 20).toFixed(0)} MiB of text: 0 hits`));

it("the search knows all secrets: passwords, keys, verifiers", async () => {
  const passwords = Object.values(clients.outputs.credentials).map(({ password }) => password);
  expect(passwords.length).toBeGreaterThan(10);
  for (const password of passwords) expect(found(secrets, password)).toHaveLength(1);
  // Four keys in three formats, and a verifier for each of six roles, are among them.
  expect(secrets.length).toBeGreaterThan(passwords.length + 4 * 3 + 6);
  const names = secrets.filter(({ name }) => name !== "passphrase").map(({ name }) => name);
  expect(found(secrets, await told("stack", "export", "--show-secrets"))).toEqual(names);
});

describe("Pulumi", () => {
  it("keeps no secret in its state, nor in the history of it", () => {
    expectNone(place.folder(places().state));
    const copy = mkdtempSync(join(tmpdir(), "hma-canary-"));
    const canary = newCanary();
    mkdirSync(join(copy, "deep"));
    writeFileSync(join(copy, "deep/state.json"), JSON.stringify({ password: canary }));
    expectPlanted(canary, place.folder(copy));
    rmSync(copy, { recursive: true });
  });

  it("shows none in its outputs and exports", async () => {
    const shown = [["stack"], ["stack", "output"], ["stack", "output", "--json"], ["stack", "export"], ["stack", "history"], ["config"]];
    for (const args of shown) expectNone(await told(...args));
    expect(found(secrets, await told("stack", "output", "--json", "--show-secrets")).length).toBeGreaterThan(10);
  });

  it("told none when it brought the stack up", () => {
    const log = readFileSync(join(places().home, upLog), "utf8");
    expect(log).toContain("Stack test is up");
    expectNone(log);
  });

  it("tells none in a preview that replaces every password and key", async () => {
    const exported = JSON.parse(await told("stack", "export")) as { deployment: { resources: { urn: string; type: string }[] } };
    const made = exported.deployment.resources.filter(({ type }) => /RandomPassword|PrivateKey$/.test(type));
    const canary = newCanary();
    let log = "";
    const line = await place.argumentsDuring(async () => {
      const marker = execute("sh", ["-c", "sleep 1; :", canary]);
      log = await told("preview", "--diff", "--refresh", ...made.flatMap(({ urn }) => ["--replace", urn]));
      await marker;
    });
    expect(log).toContain("[secret]");
    expect(log).toMatch(/replace/);
    expectNone(log);
    expect(line).toContain("pulumi-resource-");
    expectNone(line);
    expectPlanted(canary, line);
  });
});

describe("Docker", () => {
  const canary = newCanary();
  const name = `hma-canary-${canary.slice(0, 8)}`;
  const image = `${name}:canary`;

  beforeAll(async () => {
    const script = 'echo "$CANARY"; echo "$CANARY" >&2; sleep 600';
    const command = ["run", "--detach", "--name", name, "--env", `CANARY=${canary}`, baseImage, "sh", "-c", script, canary];
    expect((await execute("docker", command)).code).toBe(0);
    expect((await execute("docker", ["commit", "--message", canary, name, image])).code).toBe(0);
  });
  afterAll(async () => {
    await execute("docker", ["rm", "--force", name]);
    await execute("docker", ["rmi", image]);
  });

  it("tells none of containers, volumes, networks, images and their history", async () => {
    expectNone(await place.inspected(containers.all));
    expectPlanted(canary, await place.inspected([name]));
    const { stdout } = await execute("docker", ["history", "--no-trunc", image]);
    expectPlanted(canary, stdout);
  });

  it("has none in a log", async () => {
    expectNone(await place.logs(containers.all));
    expectPlanted(canary, await place.logs([name]));
  });

  it("runs no process with one in its arguments or its environment", async () => {
    expectNone(await place.processes(containers.running));
    const shown = await place.processes([name]);
    expectPlanted(canary, shown.split("environment of")[0] ?? "");
    expectPlanted(canary, shown.split("environment of")[1] ?? "");
  });
});

describe("Postgres", () => {
  it("remembers none in its statistics and settings, and logs none", async () => {
    const canary = newCanary();
    await clients.asRole(superuser, async (client) => {
      expectNone(await place.database(client));
      // A table of its own, for statements of the same shape are remembered by the first one's text.
      await client.query(`CREATE TEMPORARY TABLE specimen ("${canary}" integer)`);
      await client.query(`SELECT "${canary}" FROM specimen`);
      expectPlanted(canary, await place.database(client));
      await expect(client.query(`SELECT 1/0 AS "${canary}"`)).rejects.toThrow("division by zero");
    });
    expectPlanted(canary, await place.logs([clients.outputs.containers.postgres!]));
  });
});

describe("the repository", () => {
  it("has none in a commit, a message or a file that lies about", async () => {
    expectNone(await place.history(project));
    expectNone(await place.checkout(project));
  });

  it("would show one that was committed once and taken back", async () => {
    const repository = mkdtempSync(join(tmpdir(), "hma-canary-"));
    const canary = newCanary();
    const git = (...args: string[]) => execute("git", ["-C", repository, "-c", "user.name=x", "-c", "user.email=x@example.org", ...args]);
    await git("init", "--quiet");
    writeFileSync(join(repository, "settings"), canary);
    expectPlanted(canary, await place.checkout(repository));
    await git("add", "settings");
    await git("commit", "--quiet", "--message", "one");
    await git("rm", "--quiet", "settings");
    await git("commit", "--quiet", "--message", "two");
    expectPlanted(canary, await place.history(repository));
    rmSync(repository, { recursive: true });
  });

  it("never had a private key", async () => {
    const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[+-]?[A-Za-z0-9+/]{40}/;
    expect(await place.history(project)).not.toMatch(key);
    expect("+-----BEGIN EC PRIVATE KEY-----\n+MHcCAQEEIKo7xMOqDDlPyBnPCEOQlmGMUwSxVyCAWxZQmHkXcNZ7").toMatch(key);
  });
});
