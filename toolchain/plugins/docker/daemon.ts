import Docker from "dockerode";

/** An answer of the Docker daemon that is a refusal, or no answer at all. */
export class DockerError extends Error {
  constructor(
    message: string,
    /** HTTP status code; absent when nothing answered. */
    readonly status: number | undefined,
  ) {
    super(message);
  }
}

/** What dockerode rejects with. */
interface Rejection {
  statusCode?: number;
  code?: string;
  message?: string;
  json?: { message?: string } | null;
}

const UNREACHABLE = new Set(["ECONNREFUSED", "ENOENT", "EACCES", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND"]);

/** The Docker daemon at `host`. Nothing is sent before the first request. */
export class Daemon {
  readonly docker: Docker;

  /** `host` as in DOCKER_HOST: `unix:///path` or `tcp://name:port`. */
  constructor(readonly host: string) {
    this.docker = new Docker(connection(host));
  }

  /** The answer to `request`; a refusal says which step it was. */
  async ask<T>(step: string, request: Promise<T>): Promise<T> {
    try {
      return await request;
    } catch (error) {
      throw this.explain(step, error as Rejection);
    }
  }

  /** The answer to `request`, or undefined if the thing that it asks for does not exist. */
  async find<T>(step: string, request: Promise<T>): Promise<T | undefined> {
    try {
      return await this.ask(step, request);
    } catch (error) {
      if (error instanceof DockerError && error.status === 404) return undefined;
      throw error;
    }
  }

  explain(step: string, { statusCode, code, message, json }: Rejection): DockerError {
    if (statusCode === undefined && code !== undefined && UNREACHABLE.has(code)) {
      const remedy = code === "EACCES" ? "add this user to the group docker" : "start it, or point DOCKER_HOST to one";
      return new DockerError(`${step}: no Docker daemon answers at ${this.host} (${code}): ${remedy}`, undefined);
    }
    // dockerode has the reason apart only where it did not ask for a stream.
    const reason = json?.message ?? message?.replace(/^\(HTTP code \d+\) .*? - /, "") ?? String(code);
    return new DockerError(`${step}: ${reason.trim()}`, statusCode);
  }
}

/** Every field is given, so that dockerode takes none from the environment. */
function connection(host: string): Docker.DockerOptions {
  const { protocol, hostname, port, pathname } = new URL(host);
  if (protocol === "unix:") return { socketPath: decodeURIComponent(pathname), host: undefined };
  if (protocol === "tcp:" || protocol === "http:") {
    return { host: hostname, port: Number(port || 2375), protocol: "http", socketPath: undefined };
  }
  throw new Error(`host ${host} is not supported: give unix:///path/of/socket or tcp://name:port`);
}
