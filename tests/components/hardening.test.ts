import { beforeAll, describe, expect, it } from "vitest";
import { containers } from "../../catalog/containers";
import { declareStack, type Declared } from "../support/declared-graph";

/** Containers that need more than nothing, each with its reason. */
const exceptions: Record<string, string> = {};

let all: Declared[];
let services: Declared[];
let loaders: Declared[];
/** Names of what is waited for. */
let awaited: string[];

beforeAll(async () => {
  const graph = await declareStack("dev");
  awaited = graph.of("hma:index:Healthy").map(({ name }) => name);
  all = graph.of("docker:index/container:Container");
  loaders = all.filter(({ name }) => name.endsWith("-loader"));
  services = all.filter((container) => !loaders.includes(container));
});

const each = (list: () => Declared[], check: (container: Declared) => void) => {
  expect(list().length).toBeGreaterThan(0);
  for (const container of list()) check(container);
};

describe("every container", () => {
  it("is of the catalog, or loads the secrets of one that is", () => {
    const kinds = Object.keys(containers);
    expect(services.map(({ name }) => name).sort()).toEqual([...kinds].sort());
    expect(loaders.map(({ name }) => name).sort()).toEqual(kinds.map((kind) => `${kind}-secrets-loader`).sort());
  });

  it("has no exception without a reason", () => {
    for (const [name, reason] of Object.entries(exceptions)) expect([name, reason.length > 20]).toEqual([name, true]);
  });

  it("drops all capabilities and adds none", () => {
    each(
      () => all,
      ({ name, inputs }) => expect([name, inputs.capabilities]).toEqual([name, { drops: ["ALL"] }]),
    );
  });

  it("cannot gain privileges", () => {
    each(
      () => all,
      ({ name, inputs }) => {
        expect([name, inputs.securityOpts]).toEqual([name, ["no-new-privileges:true"]]);
        expect([name, inputs.privileged, inputs.pidMode, inputs.ipcMode, inputs.usernsMode]).toEqual([
          name, undefined, undefined, undefined, undefined,
        ]);
      },
    );
  });

  it("runs as a user of its own, not root", () => {
    each(
      () => all,
      ({ name, inputs }) => expect([name, Number(inputs.user.split(":")[0])]).toEqual([name, expect.any(Number)]),
    );
    const users = services.map(({ inputs }) => inputs.user);
    expect(new Set(users).size).toBe(services.length);
    for (const user of [...users, ...loaders.map(({ inputs }) => inputs.user)]) {
      expect(Number(user.split(":")[0])).toBeGreaterThanOrEqual(10_000);
    }
  });

  it("has a memory limit and no swap beyond it", () => {
    each(
      () => all,
      ({ name, inputs }) => {
        expect([name, inputs.memory >= 16]).toEqual([name, true]);
        expect([name, inputs.memorySwap]).toEqual([name, inputs.memory]);
      },
    );
  });

  it("rotates its log", () => {
    each(
      () => all,
      ({ name, inputs }) => {
        expect([name, inputs.logDriver]).toEqual([name, "json-file"]);
        expect([name, inputs.logOpts]).toEqual([
          name,
          { "max-size": expect.stringMatching(/^\d+m$/), "max-file": expect.stringMatching(/^\d+$/) },
        ]);
      },
    );
  });

  it("carries the stack's labels", () => {
    each(
      () => all,
      ({ name, inputs }) =>
        expect([name, inputs.labels]).toEqual([
          name,
          expect.arrayContaining([
            { label: "com.huntmaster.project", value: "hma-infra" },
            { label: "com.huntmaster.stack", value: "dev" },
          ]),
        ]),
    );
  });

  it("is replaced old first, for its name is fixed", () => {
    each(
      () => all,
      ({ name, options }) => expect([name, options.deleteBeforeReplace]).toEqual([name, true]),
    );
  });

  it("mounts named volumes only: nothing of the host, not Docker's socket", () => {
    each(
      () => all,
      ({ name, inputs }) => {
        expect([name, inputs.mounts, inputs.devices]).toEqual([name, undefined, undefined]);
        for (const volume of inputs.volumes) {
          expect([name, volume.hostPath, typeof volume.volumeName]).toEqual([name, undefined, "string"]);
        }
      },
    );
  });
});

describe("every service's container", () => {
  it("has a read-only root, and secrets that it cannot change", () => {
    each(
      () => services,
      ({ name, inputs }) => {
        expect([name, inputs.readOnly]).toEqual([name, true]);
        const secrets = inputs.volumes.filter((v: { containerPath: string }) => v.containerPath === "/run/secrets");
        expect([name, secrets.map((v: { readOnly: boolean }) => v.readOnly)]).toEqual([name, [true]]);
      },
    );
  });

  it("writes besides its data only to memory, where nothing can be executed", () => {
    each(
      () => services,
      ({ name, inputs }) => {
        for (const options of Object.values<string>(inputs.tmpfs)) {
          expect([name, options]).toEqual([name, expect.stringMatching(/noexec,nosuid,nodev,size=\d+m/)]);
        }
      },
    );
  });

  it("is published on the loopback interface alone", () => {
    each(
      () => services,
      ({ name, inputs }) => {
        for (const port of inputs.ports) expect([name, port.ip]).toEqual([name, "127.0.0.1"]);
        expect([name, inputs.publishAllPorts, inputs.networkMode]).toEqual([name, undefined, undefined]);
      },
    );
  });

  it("has a health check, is waited for, and comes back after a crash", () => {
    each(
      () => services,
      ({ name, inputs }) => {
        expect([name, inputs.healthcheck.tests[0]]).toEqual([name, "CMD"]);
        expect([name, inputs.restart]).toEqual([name, "unless-stopped"]);
        expect(awaited).toContain(name);
      },
    );
  });

  it("is told no secret by its environment or its arguments", () => {
    each(
      () => services,
      ({ name, inputs }) => {
        const { envs, command, entrypoints, healthcheck, labels } = inputs;
        const open = JSON.stringify([envs, command, entrypoints, healthcheck, labels]);
        expect([name, open.includes("canary-"), open.includes("key of ")]).toEqual([name, false, false]);
      },
    );
  });
});

describe("every secrets loader", () => {
  it("is never started, and could do nothing if it were", () => {
    each(
      () => loaders,
      ({ name, inputs }) =>
        expect([name, inputs.command, inputs.networkMode, inputs.mustRun, inputs.start, inputs.restart]).toEqual([
          name, ["true"], "none", false, false, "no",
        ]),
    );
  });

  it("gives each file to its consumer's user alone", () => {
    each(
      () => loaders,
      ({ name, inputs, secretInputs }) => {
        expect([name, secretInputs]).toEqual([name, ["uploads"]]);
        const uid = String(containers[name.replace("-secrets-loader", "") as keyof typeof containers].uid);
        expect(inputs.uploads.length).toBeGreaterThan(0);
        for (const { file, permissions, owner, group } of inputs.uploads) {
          expect([file, permissions, owner, group]).toEqual([expect.stringMatching(/^\/run\/secrets\//), "0400", uid, uid]);
        }
      },
    );
  });
});
