import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { pack } from "tar-stream";
import { image as ensureImage } from "../e2e/images/support/docker";

const run = promisify(execFile);

export interface ContainerOptions {
  /** A folder below images/. */
  image: string;
  /** The image's user, who alone can read the secrets. */
  uid: number;
  /** Files below /run/secrets. */
  secrets: Record<string, string>;
  environment?: Record<string, string>;
  /** Where the server keeps its data: in memory, so that it goes with the container. */
  data: string;
  /** The server's port in the container. */
  port: number;
}

/** A throw-away server from one of the project's images, on a free port of 127.0.0.1. */
export class TestContainer {
  private constructor(
    readonly id: string,
    readonly port: number,
  ) {}

  static async start({ image, uid, secrets, environment = {}, data, port }: ContainerOptions): Promise<TestContainer> {
    const tag = await ensureImage(image);
    const name = `hma-test-${image}-${randomBytes(4).toString("hex")}`;
    const id = await docker([
      ...["create", "--rm", "--name", name, "--label", `com.huntmaster.test=${name}`],
      ...["--publish", `127.0.0.1::${port}`, "--tmpfs", `${data}:uid=${uid},gid=${uid},mode=0700`],
      ...Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
      tag,
    ]);
    await docker(["cp", "-", `${id}:/`], await archive(uid, secrets));
    await docker(["start", id]);
    const published = await docker(["port", id, String(port)]);
    return new TestContainer(id, Number(published.split(":").pop()));
  }

  /** Runs a command in the container. */
  exec(command: string[], input?: string): Promise<string> {
    return docker(["exec", "--interactive", this.id, ...command], input);
  }

  /** Waits until `probe` no longer fails, a minute at least. Stops the container where it is in vain. */
  async until(probe: () => Promise<unknown>): Promise<void> {
    for (let left = 300; ; left--) {
      try {
        await probe();
        return;
      } catch (error) {
        if (left === 0) {
          const log = await this.log();
          await this.stop();
          throw new Error(`not ready: ${log}`, { cause: error });
        }
        await sleep(200);
      }
    }
  }

  /** What it has written so far. */
  async log(): Promise<string> {
    const { stdout, stderr } = await run("docker", ["logs", this.id], { maxBuffer: 16 * 1024 * 1024 });
    return stdout + stderr;
  }

  async stop(): Promise<void> {
    await docker(["rm", "--force", "--volumes", this.id]);
  }
}

async function archive(uid: number, secrets: Record<string, string>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(secrets)) {
    tar.entry({ name: `run/secrets/${name}`, mode: 0o400, uid, gid: uid }, content);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function docker(command: string[], input?: string | Buffer): Promise<string> {
  const running = run("docker", command, { maxBuffer: 16 * 1024 * 1024 });
  running.child.stdin?.end(input);
  return (await running).stdout.trim();
}
