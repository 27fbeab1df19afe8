import type { Property } from "../../../../provider/frame/types";
import { fixed, flag, labels, list, map, number, object, open, output, set, text } from "../properties";
import { sameCapabilities, sameDuration, sameOrSilent, samePorts } from "./same";

const duration = text({ default: "0s", same: sameDuration });

/** Inputs and outputs of `docker:index/container:Container`, with the official provider's defaults. */
export const properties: Record<string, Property> = {
  name: text({ required: true }, fixed),
  image: text({ required: true }, fixed),
  hostname: text(open, fixed),
  command: list(text(), open, fixed),
  entrypoints: list(text(), open, fixed),
  user: text({ same: sameOrSilent }, fixed),
  workingDir: text({ same: sameOrSilent }, fixed),
  envs: set(text(), open, fixed),
  labels: labels(open, fixed),
  init: flag(open),

  // Network
  ports: list(
    object({
      internal: number({ required: true }),
      external: number(open),
      ip: text({ default: "0.0.0.0" }),
      protocol: text({ default: "tcp" }),
    }),
    { same: samePorts },
    fixed,
  ),
  networkMode: text({ default: "bridge" }, fixed),
  networksAdvanced: set(object({ name: text({ required: true }), aliases: set(text()) }), fixed),

  // Files
  readOnly: flag({ default: false }, fixed),
  tmpfs: map(text()),
  volumes: set(object({ volumeName: text(), hostPath: text(), containerPath: text(), readOnly: flag() }), fixed),
  uploads: set(
    object({
      file: text({ required: true }),
      content: text(),
      contentBase64: text(),
      permissions: text(),
      executable: flag({ default: false }),
      owner: text(),
      group: text(),
    }),
    fixed,
  ),
  removeVolumes: flag({ default: true }),

  // Privileges and limits; memory sizes in MiB
  capabilities: object(
    { adds: set(text(), { same: sameCapabilities }), drops: set(text(), { same: sameCapabilities }) },
    fixed,
  ),
  securityOpts: set(text(), open, fixed),
  memory: number(),
  // Docker allows as much swap as memory when the program is silent, which is no change to mend.
  memorySwap: number(open),
  shmSize: number(open, fixed),
  ulimits: set(
    object({ name: text({ required: true }), soft: number({ required: true }), hard: number({ required: true }) }),
    fixed,
  ),

  logDriver: text(open, fixed),
  logOpts: map(text(), fixed),

  // Life; times in seconds but for the health check's
  start: flag({ default: true }),
  mustRun: flag({ default: true }),
  attach: flag({ default: false }),
  logs: flag({ default: false }),
  restart: text({ default: "no" }),
  healthcheck: object(
    {
      tests: list(text()),
      interval: duration,
      timeout: duration,
      startPeriod: duration,
      startInterval: duration,
      retries: number({ default: 0 }),
    },
    open,
  ),
  wait: flag({ default: false }),
  waitTimeout: number({ default: 60 }),
  stopSignal: text(open, fixed),
  stopTimeout: number(open, fixed),
  destroyGraceSeconds: number(),

  bridge: text(output),
  networkDatas: list(
    object({
      networkName: text(),
      ipAddress: text(),
      ipPrefixLength: number(),
      gateway: text(),
      globalIpv6Address: text(),
      globalIpv6PrefixLength: number(),
      ipv6Gateway: text(),
      macAddress: text(),
    }),
    output,
  ),
  exitCode: number(output),
  containerLogs: text(output),
  runtime: text(output),
  platform: text(output),
  ipcMode: text(output),
};
