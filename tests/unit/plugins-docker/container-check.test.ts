import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../provider/frame/types";
import type { Values } from "../../../provider/frame/types";
import { checkContainer } from "../../../toolchain/plugins/docker/container/check";

const upload = { file: "/a", content: "x" };
const cases: [string, Values][] = [
  ["wait", { wait: true }],
  ["waitTimeout", { waitTimeout: 30 }],
  ["attach", { attach: true }],
  ["logs", { logs: true }],
  ["restart", { restart: "sometimes" }],
  ["memory", { memory: -1 }],
  ["memory", { memory: 1.5 }],
  ["memorySwap", { memorySwap: -2 }],
  ["command[1]", { command: ["sh", ""] }],
  ["ports[0].internal", { ports: [{ internal: 0 }] }],
  ["ports[0].external", { ports: [{ internal: 80, external: 65536 }] }],
  ["ports[0].protocol", { ports: [{ internal: 80, protocol: "icmp" }] }],
  ["volumes[0].containerPath", { volumes: [{ volumeName: "v" }] }],
  ["volumes[0].hostPath", { volumes: [{ hostPath: "here", containerPath: "/v" }] }],
  ["uploads[0]", { uploads: [{ file: "/a" }] }],
  ["uploads[0]", { uploads: [{ ...upload, contentBase64: "eA==" }] }],
  ["uploads[0].contentBase64", { uploads: [{ file: "/a", contentBase64: "?" }] }],
  ["uploads[0].permissions", { uploads: [{ ...upload, permissions: "644" }] }],
  ["uploads[0].owner", { uploads: [{ ...upload, owner: "root" }] }],
  ["uploads[0].file", { uploads: [{ ...upload, file: "a" }] }],
  ["uploads", { uploads: [upload], readOnly: true }],
  ["healthcheck.interval", { healthcheck: { interval: "5" } }],
  ["healthcheck.timeout", { healthcheck: { timeout: "-5s" } }],
  ["healthcheck.startInterval", { healthcheck: { startInterval: "1s" } }],
  ["healthcheck.retries", { healthcheck: { retries: -1 } }],
];

describe("a container's inputs", () => {
  it.each(cases)("are refused at %s: %j", (property, inputs) => {
    expect(checkContainer(inputs).map((failure) => failure.property)).toEqual([property]);
  });

  it("are refused all at once", () => {
    const all = Object.assign({}, ...cases.map(([, inputs]) => inputs)) as Values;
    expect(checkContainer(all).length).toBeGreaterThan(6);
  });

  it("pass when they are not known yet", () => {
    const unknown: Values = {
      ports: UNKNOWN,
      command: [UNKNOWN],
      uploads: [UNKNOWN, { file: UNKNOWN, content: UNKNOWN }],
      healthcheck: UNKNOWN,
      volumes: [{ volumeName: UNKNOWN, containerPath: "/v" }],
      memory: UNKNOWN,
    };
    expect(checkContainer(unknown)).toEqual([]);
  });
});
