import { generateKeyPairSync } from "node:crypto";
import { chown, chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { containers, type ContainerKind } from "../../catalog/containers";
import { ThrowAwayAuthority } from "../support/authority";
import { declareStack, type Declared } from "../support/declared-graph";

const stores: readonly ContainerKind[] = ["postgres", "redis", "minio"];
const services: readonly ContainerKind[] = ["content-bridge", "ml-server", "worker"];

interface PublishedPort {
  ip: string;
  external: number;
  internal: number;
}

/**
 * The same containers as the stack declares, as a Compose project: same images, settings, limits, health checks and
 * order. Compose makes no roles, buckets or migrations, so the services are taken as healthy when they answer at all.
 *
 * @param folder where the project's file and the secret files go; needs root, for each file belongs to its container
 * @returns the project's file
 */
export async function writeComposeProject(stack: string, folder: string): Promise<string> {
  const graph = await declareStack(stack);
  const declared = graph.of("docker:index/container:Container");
  const images = Object.fromEntries(
    graph.of("docker:index/remoteImage:RemoteImage").map(({ name, inputs }) => [name, inputs.name as string]),
  );
  const kinds = declared.filter(({ inputs }) => inputs.mustRun !== false).map(({ name }) => name as ContainerKind);

  const one = (kind: ContainerKind) => declared.find(({ name }) => name === kind)!;

  const { privateKey } = generateKeyPairSync("ed25519");
  const tokenKeys = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const authority = await ThrowAwayAuthority.create();
  for (const kind of kinds) {
    const loader = declared.find(({ name }) => name === `${kind}-secrets-loader`)!;
    await writeSecrets(join(folder, kind), kind, loader, { ...(await authority.serverFiles(kind)), "token-keys": tokenKeys });
  }
  const project = {
    services: Object.fromEntries(
      kinds.map((kind) => [kind, composeService(kind, one(kind), images[kind]!, join(folder, kind))]),
    ),
    volumes: Object.fromEntries(kinds.filter((kind) => dataVolume(one(kind))).map((kind) => [`${kind}-data`, {}])),
  };
  const file = join(folder, "compose.yaml");
  await writeFile(file, stringify(project));
  return file;
}

const dataVolume = ({ inputs }: Declared): { containerPath: string } | undefined =>
  inputs.volumes.find((volume: { readOnly?: boolean }) => !volume.readOnly);

function composeService(kind: ContainerKind, declared: Declared, image: string, secrets: string) {
  const { inputs } = declared;
  const data = dataVolume(declared);
  return {
    image,
    ...(inputs.command && { command: inputs.command }),
    environment: inputs.envs,
    user: inputs.user,
    read_only: inputs.readOnly,
    cap_drop: inputs.capabilities.drops,
    security_opt: inputs.securityOpts,
    tmpfs: Object.entries(inputs.tmpfs).map(([path, options]) => `${path}:${String(options)}`),
    volumes: [`${secrets}:/run/secrets:ro`, ...(data ? [`${kind}-data:${data.containerPath}`] : [])],
    mem_limit: `${inputs.memory}m`,
    memswap_limit: `${inputs.memorySwap}m`,
    ...(inputs.shmSize && { shm_size: `${inputs.shmSize}m` }),
    logging: { driver: inputs.logDriver, options: inputs.logOpts },
    ports: inputs.ports.map((port: PublishedPort) => `${port.ip}:${port.external}:${port.internal}`),
    restart: inputs.restart,
    stop_signal: inputs.stopSignal,
    healthcheck: {
      test: (inputs.healthcheck.tests as string[]).map((part) => part.replace(/\/ready$/, "/health")),
      // Compose waits for Docker's own checks, of which the first comes after an interval.
      interval: "3s",
      timeout: inputs.healthcheck.timeout,
      start_period: inputs.healthcheck.startPeriod,
      retries: inputs.healthcheck.retries,
    },
    ...(services.includes(kind) && {
      depends_on: Object.fromEntries(stores.map((store) => [store, { condition: "service_healthy" }])),
    }),
  };
}

/** The files that the stack would load, but for certificates and keys, which the mocks only name. */
async function writeSecrets(
  folder: string,
  kind: ContainerKind,
  loader: Declared,
  made: Readonly<Record<string, string>>,
) {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  for (const { file, content } of loader.inputs.uploads as { file: string; content: string }[]) {
    const name = file.split("/").at(-1)!;
    const path = join(folder, name);
    await writeFile(path, made[name] ?? content);
    await chmod(path, 0o400);
    await chown(path, containers[kind].uid, containers[kind].uid);
  }
}
