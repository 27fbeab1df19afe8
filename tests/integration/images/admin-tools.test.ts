import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseName } from "../../../catalog/containers";
import { superuser } from "../../../catalog/roles";
import { httpHealth } from "../../../lib/http-health";
import { Bench, type TestContainer } from "./support/bench";
import { image } from "../../support/docker";
import { canaries, postgresArgs, redisArgs } from "./support/servers";

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

describe("the adminer image", () => {
  let page: string;
  let adminer: TestContainer;

  beforeAll(async () => {
    const postgres = await (await bench.start("postgres", await postgresArgs(bench))).healthy();
    const role = `CREATE ROLE app LOGIN PASSWORD '${canaries.application}'`;
    await postgres.exec("psql", "-U", superuser, "-d", databaseName, "-c", role);
    adminer = await bench.start("adminer", {
      image: await image("adminer"),
      secrets: { "ca.crt": bench.authority.certificate },
      environment: { ADMINER_DEFAULT_SERVER: "postgres" },
      health: ["health"],
    });
    await adminer.healthy();
    page = `http://localhost:${await adminer.port(8080)}/`;
  });

  /** Logs in as the form does, and gives the page that follows. */
  async function login(server: string, password: string): Promise<{ status: number; text: string }> {
    const body = new URLSearchParams();
    const fields = { driver: "pgsql", server, username: "app", password, db: databaseName };
    for (const [name, value] of Object.entries(fields)) body.set(`auth[${name}]`, value);
    const form = await fetch(page, { method: "POST", body, redirect: "manual" });
    const cookies = form.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
    const next = await fetch(new URL(form.headers.get("location") ?? "", page), {
      headers: { cookie: cookies.join("; ") },
    });
    return { status: next.status, text: await next.text() };
  }

  const inside = { status: 200, text: expect.stringContaining("Schema: public") as string };

  it("asks for a user, a password and a database, and for no server", async () => {
    const text = await (await fetch(page)).text();
    expect(text).toContain(`<input name="auth[db]" value="${databaseName}"`);
    expect(text).toContain("<input type='hidden' name='auth[server]' value='postgres'>");
  });

  it("logs in over verified TLS, and not with a wrong password", async () => {
    expect(await login("postgres", canaries.application)).toMatchObject(inside);
    expect((await login("postgres", "wrong")).status).toBe(403);
  });

  it("goes to the platform's server whatever server a request names", async () => {
    expect(await login("elsewhere.invalid", canaries.application)).toMatchObject(inside);
  });

  it("serves no file, and shows no password", async () => {
    const file = await (await fetch(`${page}index.php~`)).text();
    expect(file).toContain("auth[username]");
    expect(await adminer.visible()).not.toContain(canaries.application);
  });
});

describe("the redis-commander image", () => {
  const password = "canary-redis-commander";
  let page: string;
  let commander: TestContainer;

  beforeAll(async () => {
    await (await bench.start("redis", await redisArgs(bench))).healthy();
    commander = await bench.start("redis-commander", {
      image: await image("redis-commander"),
      secrets: {
        "ca.crt": bench.authority.certificate,
        "redis-password": canaries.redis.hma_admin,
        "http-password": password,
      },
      environment: { REDIS_HOST: "redis", REDIS_PORT: "6379", REDIS_USERNAME: "hma_admin", HTTP_USER: "admin" },
      health: httpHealth("http://127.0.0.1:8081/healthcheck"),
    });
    await commander.healthy();
    page = `http://localhost:${await commander.port(8081)}`;
  });

  const signIn = async (secret: string) => {
    const body = new URLSearchParams({ username: "admin", password: secret });
    return (await (await fetch(`${page}/signin`, { method: "POST", body })).json()) as {
      ok: boolean;
      bearerToken?: string;
    };
  };

  it("tells nothing without its password", async () => {
    expect((await fetch(`${page}/apiv2/server/info`)).status).toBe(401);
    expect((await signIn("wrong")).ok).toBe(false);
  });

  it("reaches both databases over verified TLS", async () => {
    const { bearerToken } = await signIn(password);
    const response = await fetch(`${page}/apiv2/server/info`, { headers: { authorization: `Bearer ${bearerToken}` } });
    const { data } = (await response.json()) as { data: { label: string; info: { key: string }[] }[] };
    expect(data.map(({ label }) => label).sort()).toEqual(["cache", "queues"]);
    for (const { info } of data) expect(info.map(({ key }) => key)).toContain("Redis version");
  });

  it("shows no secret", async () => {
    const visible = await commander.visible();
    expect(visible).not.toContain(password);
    expect(visible).not.toContain(canaries.redis.hma_admin);
  });
});
