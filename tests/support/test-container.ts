import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { pack } from "tar-stream";
import { image as ensureImage } from "./docker";

const run = promisify(execFile);

export interface ContainerOptions {
  /** A folder below images/. */
  image: string;
  /** The image's user, who alone can read the secrets. */
  uid: number;
  /** Files below /run/secrets. */
  secrets: Record<string, string>;
  environment?: Record<string, string>;
  /** Where the server keeps its data: in memory, unless `onDisk`. It goes with the container. */
  data: string;
  /** It lasts until the container is stopped, kill and start included, and commits wait for the disk. */
  onDisk?: boolean;
  /** What the container runs, if not what its image says. */
  command?: readonly string[];
  /** The server's port in the container. */
  port: number;
}

/** A throw-away server from one of the project's images, on a free port of 127.0.0.1. */
export class TestContainer {
  private constructor(
    readonly id: string,
    private readonly innerPort: number,
    private publishedPort: number,
  ) {}

  static async start(options: ContainerOptions): Promise<TestContainer> {
    const { image, uid, secrets, environment = {}, data, onDisk = false, command = [], port } = options;
    const tag = await ensureImage(image);
    const name = `hma-test-${image}-${randomBytes(4).toString("hex")}`;
    const id = await docker([
      ...["create", "--name", name, "--label", `com.huntmaster.test=${name}`, "--publish", `127.0.0.1::${port}`],
      ...(onDisk ? ["--volume", data] : ["--rm", "--tmpfs", `${data}:uid=${uid},gid=${uid},mode=0700`]),
      ...Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
      ...[tag, ...command],
    ]);
    await docker(["cp", "-", `${id}:/`], await archive(uid, secrets));
    await docker(["start", id]);
    return new TestContainer(id, port, await publishedPort(id, port));
  }

  /** Where the server is reached on 127.0.0.1. */
  get port(): number {
    return this.publishedPort;
  }

  /** Ends one on disk with a signal that it cannot heed, and starts it again: on another port. */
  async killAndStart(): Promise<void> {
    await docker(["kill", "--signal", "KILL", this.id]);
    await docker(["start", this.id]);
    this.publishedPort = await publishedPort(this.id, this.innerPort);
  }

  /** While `work` runs, everything in it stands still: it neither answers nor closes a connection. */
  async paused<T>(work: () => Promise<T>): Promise<T> {
    await docker(["pause", this.id]);
    try {
      return await work();
    } finally {
      await docker(["unpause", this.id]);
    }
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

async function publishedPort(id: string, port: number): Promise<number> {
  const published = await docker(["port", id, String(port)]);
  return Number(published.split(":").pop());
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
  // What ended before it read its input says so by its exit code.
  running.child.stdin?.on("error", () => undefined).end(input);
  return (await running).stdout.trim();
}
