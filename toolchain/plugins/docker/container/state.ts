import type { ContainerInspectInfo } from "dockerode";
import type { Resource, Value, Values } from "../../../../provider/frame/types";
import { bridgeMeta } from "../bridge-meta";
import { goDuration } from "./durations";
import { properties } from "./properties";
import { sameCapabilities, sameDuration } from "./same";

/** Answers of Docker that dockerode's types do not have. */
export interface Inspected extends ContainerInspectInfo {
  Config: ContainerInspectInfo["Config"] & {
    StopSignal?: string;
    /** Seconds. */
    StopTimeout?: number | null;
    Healthcheck?: Healthcheck;
  };
}

/** Times in nanoseconds. */
interface Healthcheck {
  Test?: string[];
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  Retries?: number;
}

/**
 * The state of a container as it is. What Docker does not tell, or tells mixed with the image's own, stays as in
 * `known`: the inputs of a new container, the state of an old one.
 */
export function containerResource(found: Inspected, known: Values): Resource {
  const { Config: config, HostConfig: host, State: state, NetworkSettings: network } = found;
  const imageIsId = typeof known["image"] === "string" && known["image"].startsWith("sha256:");
  const result: Values = {
    // The official provider replaces a container whose state lacks them.
    envs: [],
    labels: [],
    ...told(known),
    id: found.Id,
    name: found.Name.replace(/^\//, ""),
    image: imageIsId ? found.Image : config.Image,
    hostname: config.Hostname,
    command: config.Cmd ?? [],
    entrypoints: [config.Entrypoint ?? []].flat(),
    user: config.User,
    workingDir: config.WorkingDir,
    init: host.Init ?? false,
    readOnly: host.ReadonlyRootfs ?? false,
    securityOpts: host.SecurityOpt ?? [],
    tmpfs: host.Tmpfs ?? {},
    networkMode: host.NetworkMode ?? "",
    restart: host.RestartPolicy?.Name ?? "no",
    memory: mebibytes(host.Memory),
    shmSize: mebibytes(host.ShmSize),
    logDriver: host.LogConfig?.Type ?? "",
    stopSignal: config.StopSignal ?? "",
    stopTimeout: config.StopTimeout ?? 0,
    bridge: network.Bridge,
    networkDatas: networkDatas(network),
    runtime: host.Runtime ?? "",
    platform: found.Platform,
    ipcMode: host.IpcMode ?? "",
    // Official inputs that are not served, but whose defaults the official provider misses when they are absent.
    rm: host.AutoRemove ?? false,
    tty: config.Tty,
    stdinOpen: config.OpenStdin,
    memoryReservation: mebibytes(host.MemoryReservation),
    containerReadRefreshTimeoutMilliseconds: 15000,
    __meta: bridgeMeta({ schemaVersion: 2, timeouts: true }),
  };

  const swap = mebibytes(host.MemorySwap);
  const isDockersChoice = !known["memorySwap"] && (swap === 0 || swap === 2 * mebibytes(host.Memory));
  if (!isDockersChoice) result["memorySwap"] = swap;
  if (known["logOpts"]) result["logOpts"] = host.LogConfig?.Config ?? {};
  if (known["ulimits"]) {
    const ulimits = (host.Ulimits ?? []) as { Name: string; Soft: number; Hard: number }[];
    result["ulimits"] = ulimits.map(({ Name, Soft, Hard }) => ({ name: Name, soft: Soft, hard: Hard }));
  }
  if (host.CapAdd?.length || host.CapDrop?.length) {
    result["capabilities"] = capabilities(host.CapAdd ?? [], host.CapDrop ?? [], known["capabilities"]);
  }
  if (config.Healthcheck) result["healthcheck"] = healthcheck(config.Healthcheck, known["healthcheck"]);
  // Docker tells none of a container that does not run, or is between two restarts.
  const ports = publishedPorts(network.Ports);
  if (known["ports"] && ports.length > 0) result["ports"] = ports;
  if (known["networksAdvanced"]) result["networksAdvanced"] = connected(known["networksAdvanced"] as Values[], network);
  if (!state.Running) {
    result["exitCode"] = state.ExitCode;
    // So the official provider tells a container that has stopped from one that should run.
    if (known["mustRun"] !== false) result["mustRun"] = false;
  }
  return { id: found.Id, state: result };
}

/** What is declared, and set. */
function told(known: Values): Values {
  return Object.fromEntries(Object.entries(known).filter(([key, value]) => properties[key] && value !== null));
}

function mebibytes(bytes: number | undefined): number {
  return bytes !== undefined && bytes > 0 ? Math.floor(bytes / 1024 / 1024) : (bytes ?? 0);
}

/** Of two spellings of the same, the program's: the official provider knows only one. */
function capabilities(adds: string[], drops: string[], known: Value | undefined): Values {
  const old = (known ?? {}) as Values;
  return {
    adds: sameCapabilities(old["adds"] ?? null, adds) ? (old["adds"] ?? []) : adds,
    drops: sameCapabilities(old["drops"] ?? null, drops) ? (old["drops"] ?? []) : drops,
  };
}

function healthcheck(found: Healthcheck, known: Value | undefined): Values {
  const old = (known ?? {}) as Values;
  const duration = (key: string, length: number | undefined): string => {
    const spelled = goDuration(length ?? 0);
    return sameDuration(old[key] ?? null, spelled) ? (old[key] as string) : spelled;
  };
  return {
    tests: found.Test ?? [],
    interval: duration("interval", found.Interval),
    timeout: duration("timeout", found.Timeout),
    startPeriod: duration("startPeriod", found.StartPeriod),
    startInterval: "0s",
    retries: found.Retries ?? 0,
  };
}

type Network = ContainerInspectInfo["NetworkSettings"];

/** In the order of the container's ports, as the official provider has them. */
function publishedPorts(ports: Network["Ports"]): Values[] {
  return Object.entries(ports ?? {})
    .flatMap(([key, bindings]) => {
      const [internal, protocol] = key.split("/");
      return (bindings ?? []).map(({ HostIp, HostPort }) => ({
        internal: Number(internal),
        external: Number(HostPort),
        ip: HostIp,
        protocol: protocol!,
      }));
    })
    .sort((a, b) => a.internal - b.internal);
}

/** Those of the networks that the container is still connected to. */
function connected(networks: Values[], { Networks }: Network): Values[] {
  return networks.filter(
    ({ name }) => Networks[name as string] || Object.values(Networks).some(({ NetworkID }) => NetworkID === name),
  );
}

function networkDatas({ Networks }: Network): Values[] {
  return Object.entries(Networks ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, endpoint]) => ({
      networkName: name,
      ipAddress: endpoint.IPAddress,
      ipPrefixLength: endpoint.IPPrefixLen,
      gateway: endpoint.Gateway,
      globalIpv6Address: endpoint.GlobalIPv6Address,
      globalIpv6PrefixLength: endpoint.GlobalIPv6PrefixLen,
      ipv6Gateway: endpoint.IPv6Gateway,
      macAddress: endpoint.MacAddress,
    }));
}

