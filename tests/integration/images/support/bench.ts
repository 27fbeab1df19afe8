import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { baseImage } from "../../../../catalog/images";
import { containers, type ContainerKind } from "../../../../catalog/containers";
import { ThrowAwayAuthority } from "../../../support/authority";
import { containerLogs, docker, dockerWithInput } from "../../../support/docker";

export interface ContainerArgs {
  image: string;
  secrets: Record<string, string>;
  environment?: Record<string, string>;
  /** Arguments after the entry point. */
  command?: string[];
  /** Folder of the data volume. */
  data?: string;
  /** Folders in memory besides /tmp. */
  scratch?: string[];
  health: string[];
}

/** A network of containers for one test file, hardened as the program's are. */
export class Bench {
  private readonly label: string;

  private constructor(
    private readonly prefix: string,
    readonly authority: ThrowAwayAuthority,
  ) {
    this.label = `com.huntmaster.test=${prefix}`;
  }

  static async open(): Promise<Bench> {
    const bench = new Bench(`hma-images-${randomBytes(4).toString("hex")}`, await ThrowAwayAuthority.create());
    await docker("network", "create", "--label", bench.label, bench.prefix);
    return bench;
  }

  /** Removes everything that was made on it. */
  async close(): Promise<void> {
    const filter = ["--quiet", "--filter", `label=${this.label}`];
    const remove = async (list: string[], command: string[]) => {
      const ids = (await docker(...list, ...filter)).split("\n").filter(Boolean);
      if (ids.length > 0) await docker(...command, ...ids);
    };
    await remove(["ps", "--all"], ["rm", "--force"]);
    await remove(["volume", "ls"], ["volume", "rm"]);
    await remove(["network", "ls"], ["network", "rm"]);
  }

  /** Starts a container that others reach by its kind; it is not healthy yet. */
  async start(kind: ContainerKind, args: ContainerArgs): Promise<TestContainer> {
    const { uid, ports } = containers[kind];
    const name = `${this.prefix}-${kind}`;
    await this.writeSecrets(`${name}-secrets`, uid, args.secrets);
    const volumes = [`${name}-secrets:/run/secrets:ro`];
    if (args.data) {
      await docker("volume", "create", "--label", this.label, `${name}-data`);
      volumes.push(`${name}-data:${args.data}`);
    }
    const tmpfs = `rw,noexec,nosuid,nodev,size=64m,mode=0700,uid=${uid},gid=${uid}`;
    const repeated = (option: string, values: string[]) => values.flatMap((value) => [option, value]);
    await docker(
      ...["run", "--detach", "--name", name, "--hostname", kind, "--label", this.label],
      ...["--network", this.prefix, "--network-alias", kind, "--user", `${uid}:${uid}`],
      ...["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true"],
      ...["--memory", "512m", "--memory-swap", "512m"],
      ...repeated("--tmpfs", ["/tmp", ...(args.scratch ?? [])].map((path) => `${path}:${tmpfs}`)),
      ...repeated("--volume", volumes),
      ...repeated("--publish", Object.values(ports).map((port) => `127.0.0.1::${port}`)),
      ...repeated("--env", Object.entries(args.environment ?? {}).map(([key, value]) => `${key}=${value}`)),
      args.image,
      ...(args.command ?? []),
    );
    return new TestContainer(name, args.health);
  }

  private async writeSecrets(volume: string, uid: number, files: Record<string, string>): Promise<void> {
    await docker("volume", "create", "--label", this.label, volume);
    const lines = Object.entries(files).map(([name, content]) => `${name} ${Buffer.from(content).toString("base64")}\n`);
    const script = `cd /run/secrets && umask 377 && while read -r name data; do
      printf %s "$data" | base64 -d > "$name" && chown ${uid}:${uid} "$name" || exit; done`;
    const mount = ["--volume", `${volume}:/run/secrets`, "--network", "none"];
    await dockerWithInput(lines.join(""), "run", "--rm", "--interactive", ...mount, baseImage, "sh", "-c", script);
  }
}

export class TestContainer {
  constructor(
    readonly name: string,
    private readonly health: string[],
  ) {}

  exec(...command: string[]): Promise<string> {
    return docker("exec", this.name, ...command);
  }

  /** Waits until its health command succeeds. */
  async healthy(): Promise<this> {
    for (;;) {
      const failure = await this.exec(...this.health).then(
        () => undefined,
        (error: Error) => error,
      );
      if (!failure) return this;
      if ((await this.state()) !== "running") {
        throw new Error(`${this.name} has ended:\n${await this.logs()}`, { cause: failure });
      }
      await sleep(100);
    }
  }

  /** Ends it with a signal that it cannot heed, and starts it again. */
  async killAndStart(): Promise<void> {
    await docker("kill", "--signal", "KILL", this.name);
    await docker("start", this.name);
  }

  /** The port on this machine where a port of the container is published. */
  async port(internal: number): Promise<number> {
    return Number((await docker("port", this.name, `${internal}/tcp`)).split("\n")[0]?.split(":").pop());
  }

  async state(): Promise<string> {
    return docker("inspect", "--format", "{{.State.Status}}", this.name);
  }

  logs(): Promise<string> {
    return containerLogs(this.name);
  }

  /** Everything that Docker and the process table tell about it to whoever may look. */
  async visible(): Promise<string> {
    const image = await docker("inspect", "--format", "{{.Image}}", this.name);
    const processes = await this.exec("sh", "-c", "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' ' '");
    const inspected = [await docker("inspect", this.name), await docker("image", "inspect", image)];
    return [...inspected, await docker("history", "--no-trunc", image), processes, await this.logs()].join("\n");
  }
}
