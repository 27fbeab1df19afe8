import { describe, expect, it } from "vitest";
import { aptProxies, debianSources, goSettings, withoutCredentials } from "../../../toolchain/bootstrap/client-settings";
import { hostPorts, parseContainer } from "../../../toolchain/bootstrap/containers";
import { parseListeners } from "../../../toolchain/bootstrap/ports";
import { parseProcesses } from "../../../toolchain/bootstrap/processes";
import { parseChecksums } from "../../../toolchain/bootstrap/pulumi-cli";
import { goModule, isLower, providerVersions, pulumiVersion } from "../../../toolchain/bootstrap/versions";

describe("versions", () => {
  it.each([
    ["18.20.4", "20.0.0", true],
    ["20.0.0", "20.0.0", false],
    ["1.9", "1.21", true],
    ["1.25.8", "1.25.10", true],
    ["1.26", "1.25.8", false],
  ])("%s is lower than %s: %s", (a, b, lower) => {
    expect(isLower(a, b)).toBe(lower);
  });

  it("are exact, and the engine's the same in Go and in Node", () => {
    expect(goModule().pulumiVersion).toBe(pulumiVersion());
    expect(Object.keys(providerVersions()).sort()).toEqual(["docker", "minio", "postgresql", "random", "tls"]);
    for (const version of Object.values(providerVersions())) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe("what other programs print", () => {
  it("Docker's ports", () => {
    expect(hostPorts("127.0.0.1:9000-9001->9000-9001/tcp, :::80->8080/tcp, 5432/tcp")).toEqual([9000, 9001, 80]);
    expect(hostPorts("")).toEqual([]);
  });

  it("Docker's containers, with whose they are", () => {
    const line = ["f00", "hma_redis", "running", "hma-infra", "dev", "127.0.0.1:6379->6379/tcp"].join("\t");
    expect(parseContainer(line)).toEqual({ id: "f00", name: "hma_redis", state: "running", stack: "dev", ports: [6379] });
    expect(parseContainer(["f00", "web", "exited", "other", "dev", ""].join("\t")).stack).toBe("");
  });

  it("the kernel's table of sockets", () => {
    const table = [
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
      "   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0",
      "   1: 0100007F:1538 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0 0 10 0",
    ].join("\n");
    expect(parseListeners(table)).toEqual([{ port: 5432, inode: "4711" }]);
  });

  it("ps", () => {
    expect(parseProcesses("    1     0 /sbin/init splash\n  812     1 pulumi up\n")).toEqual([
      { pid: 1, parent: 0, command: "/sbin/init splash" },
      { pid: 812, parent: 1, command: "pulumi up" },
    ]);
  });

  it("a file of checksums", () => {
    const sum = "0".repeat(64);
    expect(parseChecksums(`${sum}  pulumi-v1-linux-x64.tar.gz\n${sum} *b.zip\nnonsense\n`)).toEqual({
      "pulumi-v1-linux-x64.tar.gz": sum,
      "b.zip": sum,
    });
  });
});

describe("the settings of the host's package clients", () => {
  it("lose their credentials", () => {
    expect(withoutCredentials("GOPROXY=https://ci:s3cret@goproxy.test/go,direct")).toBe("GOPROXY=https://goproxy.test/go,direct");
    expect(withoutCredentials('Acquire::http::Proxy "http://u:p@proxy.test:3128";')).toBe('Acquire::http::Proxy "http://proxy.test:3128";');
    expect(withoutCredentials("registry=https://npm.test/@scope")).toBe("registry=https://npm.test/@scope");
  });

  it("apt: proxies only", () => {
    const dump = ['APT "";', 'Acquire::http "";', 'Acquire::http::Proxy "http://proxy.test:3128";', 'Acquire::https::Proxy "";'];
    expect(aptProxies(dump.join("\n"))).toBe('Acquire::http::Proxy "http://proxy.test:3128";\n');
  });

  it("apt: the same mirror, another release", () => {
    const targets = [
      "http://mirror.test/debian/ bookworm main",
      "http://mirror.test/debian/ bookworm-updates main",
      "http://u:p@mirror.test/debian-security/ bookworm-security main",
      "http://mirror.test/debian/ bookworm contrib",
    ];
    expect(debianSources(targets.join("\n"), "trixie")).toBe(
      [
        "deb http://mirror.test/debian/ trixie main\n",
        "deb http://mirror.test/debian/ trixie-updates main\n",
        "deb http://mirror.test/debian-security/ trixie-security main\n",
      ].join(""),
    );
    expect(debianSources("", "trixie")).toBeUndefined();
  });

  it("Go: what is set", () => {
    expect(goSettings('{"GOPROXY":"https://goproxy.test","GONOSUMDB":""}')).toBe("GOPROXY=https://goproxy.test\n");
    expect(goSettings("")).toBe("");
  });
});
