import type { ContainerCreateOptions, HostConfig } from "dockerode";
import type { Value, Values } from "../../../../provider/frame/types";
import { labelMap } from "../labels";
import { nanoseconds } from "./durations";

const MiB = 1024 * 1024;

/** What Docker is asked to make of `inputs`. */
export function containerSpec(inputs: Values): ContainerCreateOptions {
  const ports = (inputs["ports"] ?? []) as unknown as Port[];
  const volumes = (inputs["volumes"] ?? []) as unknown as Volume[];
  return compact({
    name: inputs["name"],
    Image: inputs["image"],
    Hostname: inputs["hostname"],
    Cmd: nonEmpty(inputs["command"]),
    Entrypoint: nonEmpty(inputs["entrypoints"]),
    User: inputs["user"],
    WorkingDir: inputs["workingDir"],
    Env: inputs["envs"],
    Labels: labelMap(inputs["labels"]),
    StopSignal: inputs["stopSignal"],
    StopTimeout: inputs["stopTimeout"],
    ExposedPorts: Object.fromEntries(ports.map((port) => [portKey(port), {}])),
    Volumes: Object.fromEntries(volumes.map(({ containerPath }) => [containerPath, {}])),
    Healthcheck: inputs["healthcheck"] && healthcheck(inputs["healthcheck"] as unknown as Healthcheck),
    HostConfig: hostConfig(inputs, ports, volumes),
  });
}

/** The limits that Docker can also change later. */
export function limits(inputs: Values): HostConfig {
  return compact({
    Memory: ((inputs["memory"] ?? 0) as number) * MiB,
    MemorySwap: inMiB(inputs["memorySwap"]),
    RestartPolicy: { Name: inputs["restart"], MaximumRetryCount: 0 },
  });
}

function hostConfig(inputs: Values, ports: Port[], volumes: Volume[]): object {
  const capabilities = (inputs["capabilities"] ?? {}) as Values;
  const ulimits = (inputs["ulimits"] ?? []) as Values[];
  return compact({
    ...limits(inputs),
    Binds: volumes.flatMap(bind),
    PortBindings: portBindings(ports),
    NetworkMode: inputs["networkMode"],
    ReadonlyRootfs: inputs["readOnly"],
    Tmpfs: inputs["tmpfs"],
    CapAdd: capabilities["adds"],
    CapDrop: capabilities["drops"],
    SecurityOpt: inputs["securityOpts"],
    ShmSize: inMiB(inputs["shmSize"]),
    Ulimits: ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    LogConfig: { Type: inputs["logDriver"] ?? "", Config: inputs["logOpts"] ?? {} },
    Init: inputs["init"] ?? false,
  });
}

interface Port {
  internal: number;
  external?: number;
  ip: string;
  protocol: string;
}

interface Volume {
  volumeName?: string;
  hostPath?: string;
  containerPath: string;
  readOnly?: boolean;
}

interface Healthcheck {
  tests?: string[];
  interval: string;
  timeout: string;
  startPeriod: string;
  retries: number;
}

function portKey({ internal, protocol }: Port): string {
  return `${internal}/${protocol}`;
}

function portBindings(ports: Port[]): HostConfig["PortBindings"] {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports) {
    const binding = { HostIp: port.ip || "0.0.0.0", HostPort: String(port.external ?? 0) };
    (bindings[portKey(port)] ??= []).push(binding);
  }
  return bindings;
}

/** A volume without a source is one that Docker names itself. */
function bind({ volumeName, hostPath, containerPath, readOnly }: Volume): string[] {
  const source = hostPath || volumeName;
  return source ? [`${source}:${containerPath}:${readOnly ? "ro" : "rw"}`] : [];
}

function healthcheck({ tests, interval, timeout, startPeriod, retries }: Healthcheck): object {
  return {
    Test: tests ?? [],
    Interval: nanoseconds(interval),
    Timeout: nanoseconds(timeout),
    StartPeriod: nanoseconds(startPeriod),
    Retries: retries,
  };
}

/** A size in MiB as bytes; 0 and less are Docker's "none" and "no limit". */
function inMiB(size: Value | undefined): number | undefined {
  return typeof size === "number" && size > 0 ? size * MiB : (size as number | undefined);
}

function nonEmpty(values: Value | undefined): Value | undefined {
  return Array.isArray(values) && values.length > 0 ? values : undefined;
}

function compact(values: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null));
}
