import { describe, expect, it } from "vitest";
import { goDuration, nanoseconds } from "../../../toolchain/plugins/docker/container/durations";
import { sameCapabilities, sameDuration, samePorts } from "../../../toolchain/plugins/docker/container/same";

describe("durations", () => {
  it.each([
    ["0s", 0],
    ["0", 0],
    ["60s", 60e9],
    ["1m0s", 60e9],
    ["1h30m", 5400e9],
    ["1.5s", 1.5e9],
    [".5s", 0.5e9],
    ["100ms", 1e8],
    ["-1s", -1e9],
  ])("reads %s", (text, expected) => {
    expect(nanoseconds(text)).toBe(expected);
  });

  it.each(["", "5", "5 s", "s", "1d", "1s2"])("refuses %j", (text) => {
    expect(nanoseconds(text)).toBeUndefined();
  });

  it.each(["0s", "1ms", "1.5s", "59s", "1m0s", "1m30s", "1h0m0s", "1h1m1s"])("writes %s as Go does", (text) => {
    expect(goDuration(nanoseconds(text)!)).toBe(text);
  });

  it("compares lengths, not spellings", () => {
    expect(sameDuration("90s", "1m30s")).toBe(true);
    expect(sameDuration("90s", "91s")).toBe(false);
    expect(sameDuration("x", "1s")).toBe(false);
  });
});

describe("capabilities", () => {
  it("are the same with and without their prefix, in any order", () => {
    expect(sameCapabilities(["NET_ADMIN", "CAP_CHOWN"], ["CAP_CHOWN", "CAP_NET_ADMIN"])).toBe(true);
    expect(sameCapabilities(["ALL"], ["all"])).toBe(true);
    expect(sameCapabilities(null, [])).toBe(true);
    expect(sameCapabilities(["ALL"], ["CAP_CHOWN"])).toBe(false);
  });
});

describe("ports", () => {
  const port = { internal: 80, external: 8080, ip: "127.0.0.1", protocol: "tcp" };
  const other = { ...port, internal: 81, external: 8081 };

  it("are the same in any order, and with a host port that Docker chose", () => {
    expect(samePorts([port, other], [other, port])).toBe(true);
    expect(samePorts([port], [{ internal: 80, ip: "127.0.0.1", protocol: "tcp" }])).toBe(true);
    expect(samePorts([{ ...port, ip: "0.0.0.0" }], [{ ...port, ip: "" }])).toBe(true);
  });

  it.each([
    [[]],
    [[port, port]],
    [[{ ...port, external: 1 }]],
    [[{ ...port, internal: 1 }]],
    [[{ ...port, ip: "0.0.0.0" }]],
    [[{ ...port, protocol: "udp" }]],
  ])("differ from %j", (wanted) => {
    expect(samePorts([port], wanted)).toBe(false);
  });
});
