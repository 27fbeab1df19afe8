import { describe, expect, it } from "vitest";
import { containers } from "../../catalog/containers";
import { declareStack, type DeclaredGraph } from "../support/declared-graph";

const count = (list: { type: string }[]) =>
  Object.fromEntries(
    [...new Set(list.map(({ type }) => type))].sort().map((type) => [type, list.filter((r) => r.type === type).length]),
  );

describe.each(["dev", "test", "prod"])("stack %s", (stack) => {
  it("declares exactly these resources", async () => {
    const { resources } = await declareStack(stack);
    expect(count(resources)).toMatchSnapshot();
  });
});

const envsOf = (graph: DeclaredGraph, container: string): string[] =>
  graph.of("docker:index/container:Container").find(({ name }) => name === container)!.inputs.envs;

/** What holds a text, and whether as a secret. */
const holdersOf = (graph: DeclaredGraph, text: string) =>
  graph.resources.flatMap(({ type, name, inputs, secretInputs }) =>
    Object.keys(inputs)
      .filter((key) => JSON.stringify(inputs[key]).includes(text))
      .map((key) => [type, name, key, secretInputs.includes(key)]),
  );

describe("the deltas", () => {
  it("gives dev the names and ports that others rely on", async () => {
    const graph = await declareStack("dev");
    const services = graph.of("docker:index/container:Container").filter(({ inputs }) => inputs.mustRun !== false);
    const published = Object.fromEntries(
      services.map(({ inputs }) => [inputs.name, inputs.ports.map((port: { external: number }) => port.external)]),
    );
    expect(published).toEqual({
      hma_postgres: [5432],
      hma_redis: [6379],
      hma_minio: [9000, 9001],
      hma_adminer: [8080],
      hma_redis_commander: [8081],
      "hma-content-bridge": [8090],
      "hma-ml-server": [8010],
      "hma-worker": [],
    });
  });

  it("lets stacks of one host share neither a name nor a port", async () => {
    const [dev, test] = [await declareStack("dev"), await declareStack("test")];
    const taken = (graph: typeof dev) =>
      graph.resources
        .filter(({ type }) => type.startsWith("docker:") && !type.includes("RemoteImage"))
        .flatMap(({ inputs }) => [inputs.name, ...(inputs.ports ?? []).map((p: { external: number }) => p.external)]);
    expect(taken(dev).filter((name) => taken(test).includes(name))).toEqual([]);
  });

  it("runs no admin tool in prod, and protects its data volumes", async () => {
    const prod = await declareStack("prod");
    const names = prod.of("docker:index/container:Container").map(({ name }) => name);
    expect(names.filter((name) => name.includes("adminer") || name.includes("commander"))).toEqual([]);
    const volumes = prod.of("docker:index/volume:Volume").filter(({ name }) => name.endsWith("-data"));
    expect(volumes.map(({ name, options }) => [name, options.protect])).toEqual([
      ["postgres-data", true],
      ["redis-data", true],
      ["minio-data", true],
    ]);
    const minio = prod.of("docker:index/container:Container").find(({ name }) => name === "minio");
    expect(minio?.inputs.ports.map((port: { internal: number }) => port.internal)).toEqual([containers.minio.ports.s3]);
    expect(minio?.inputs.envs).toContain("MINIO_BROWSER=off");
  });

  it("tells the services how mail is sent and where people reach them, the password in a file alone", async () => {
    const settings = {
      ...{ mailServer: "smtps://mail.example.com:465", mailFrom: "no-reply@example.com", mailUser: "huntmaster" },
      ...{ publicApiUrl: "https://api.example.com", publicStorageUrl: "https://files.example.com" },
    };
    const mailPassword = "not in any environment";
    const graph = await declareStack("prod", settings, { mailPassword });
    expect(envsOf(graph, "content-bridge")).toEqual(
      expect.arrayContaining([
        "MAIL_SERVER=smtps://mail.example.com:465",
        "MAIL_FROM=no-reply@example.com",
        "MAIL_USER=huntmaster",
        "TOKEN_ISSUER=https://api.example.com",
        "MINIO_PUBLIC_ENDPOINT=https://files.example.com",
      ]),
    );
    expect(envsOf(graph, "ml-server")).toContain("TOKEN_ISSUER=https://api.example.com");
    const container = "docker:index/container:Container";
    expect(holdersOf(graph, mailPassword)).toEqual([[container, "content-bridge-secrets-loader", "uploads", true]]);
  });

  it("tells the services where traces and errors go, the DSN in a file alone", async () => {
    const settings = { tracesEndpoint: "https://traces.example.com", tracesSamplePercent: "25" };
    const sentryDsn = "https://0123456789abcdef@sentry.example.com/42";
    const graph = await declareStack("prod", settings, { sentryDsn });
    for (const service of ["content-bridge", "ml-server", "worker"]) {
      expect(envsOf(graph, service)).toEqual(
        expect.arrayContaining([
          "ENVIRONMENT_NAME=prod",
          "TRACES_ENDPOINT=https://traces.example.com",
          "TRACES_SAMPLE_PERCENT=25",
          "SENTRY=on",
        ]),
      );
    }
    const holders = ["content-bridge", "ml-server", "worker"].map((service) => `${service}-secrets-loader`);
    expect(holdersOf(graph, sentryDsn).sort()).toEqual(
      holders.map((name) => ["docker:index/container:Container", name, "uploads", true]),
    );
  });

  it("tells them nothing of either where neither is set", async () => {
    const graph = await declareStack("prod");
    const envs = ["content-bridge", "ml-server", "worker"].flatMap((service) => envsOf(graph, service));
    expect(envs.filter((env) => /^(ENVIRONMENT_NAME|TRACES|SENTRY)/.test(env))).toEqual([]);
    expect(holdersOf(graph, "sentry-dsn")).toEqual([]);
  });
});
