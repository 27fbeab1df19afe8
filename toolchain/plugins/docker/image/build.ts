import { access } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import type { Context, Failure, Values } from "../../../../provider/frame/types";
import { UNKNOWN } from "../../../../provider/frame/types";
import type { Daemon } from "../daemon";
import { buildContext } from "./build-context";
import { BuildProgress } from "./progress";
import type { BuildMessage } from "./progress";

/** Refuses a build whose context or Dockerfile is not there. Paths are relative to the plugin's folder, the project. */
export async function checkBuild(build: Values): Promise<Failure[]> {
  const { context, dockerfile } = build;
  const failures: Failure[] = [];
  if (build["remove"] === false) failures.push({ property: "build.remove", reason: "only true is served" });
  if (build["useLegacyBuilder"] === true) {
    failures.push({ property: "build.useLegacyBuilder", reason: "only false is served" });
  }
  if (context === UNKNOWN || dockerfile === UNKNOWN) return failures;
  const file = path.resolve(context as string, dockerfile as string);
  if (path.relative(context as string, file).startsWith("..")) {
    failures.push({ property: "build.dockerfile", reason: `${file} is outside of the context: move it inside` });
  } else if (!(await exists(file))) {
    failures.push({ property: "build.context", reason: `there is no ${file}` });
  }
  return failures;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Builds image `name` with the daemon's BuildKit; each step shows as a status line. */
export async function buildImage(name: string, build: Values, context: Context<Daemon>): Promise<void> {
  const { client, signal, status } = context;
  const folder = path.resolve(build["context"] as string);
  const dockerfile = build["dockerfile"] as string;
  status(`sending ${build["context"] as string}`);
  const query = {
    version: 2,
    dockerfile,
    t: [name, ...((build["tags"] ?? []) as string[])],
    ...(build["target"] && { target: build["target"] }),
    ...(build["noCache"] && { nocache: true }),
    ...(build["pullParent"] && { pull: true }),
    buildargs: JSON.stringify(build["buildArgs"] ?? {}),
    labels: JSON.stringify(build["label"] ?? {}),
  };
  const progress = new BuildProgress(status);
  const answer = await client.ask(`build ${name}`, post(client, query, buildContext(folder, dockerfile), signal));
  try {
    for await (const line of linesOf(answer)) progress.add(JSON.parse(line) as BuildMessage);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  const failure = progress.failure();
  if (failure !== undefined) throw new Error(`build ${name}: ${failure}`);
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    yield* lines.filter((line) => line.trim() !== "");
  }
  if (rest.trim() !== "") yield rest;
}

/**
 * dockerode's own `buildImage` opens a session for BuildKit, for which it reads a file beside its source; a bundle has
 * none. Only registries that ask for a login need a session.
 */
function post(client: Daemon, query: object, archive: Readable, abortSignal: AbortSignal): Promise<Readable> {
  const request = {
    path: "/build?",
    method: "POST",
    file: archive,
    options: query,
    abortSignal,
    isStream: true,
    statusCodes: { 200: true, 400: "bad request", 500: "server error" },
  };
  return new Promise((resolve, reject) => {
    archive.once("error", reject);
    client.docker.modem.dial(request, (error: Error | null, answer: unknown) => {
      if (error) reject(error);
      else resolve(answer as Readable);
    });
  });
}
