import { once } from "node:events";
import { connect, type IncomingHttpHeaders } from "node:http2";
import { Agent } from "node:https";
import { text } from "node:stream/consumers";
import { Client } from "minio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Bench, type TestContainer } from "./support/bench";
import { canaries, minioArgs, minioRootUser } from "./support/servers";

let bench: Bench;
let server: TestContainer;

async function client(secretKey: string = canaries.minioRoot) {
  const transportAgent = new Agent({ ca: bench.authority.certificate });
  const port = await server.port(9000);
  return new Client({ endPoint: "localhost", port, accessKey: minioRootUser, secretKey, transportAgent });
}

async function read(bucket: string, object: string): Promise<string> {
  const stream = await (await client()).getObject(bucket, object);
  return Buffer.concat(await stream.toArray()).toString();
}

beforeAll(async () => {
  bench = await Bench.open();
  server = await (await bench.start("minio", await minioArgs(bench))).healthy();
});
afterAll(() => bench.close());

describe("the minio image", () => {
  it("stores and serves objects for clients that verify it, through a kill", async () => {
    await (await client()).makeBucket("kept");
    await (await client()).putObject("kept", "a", "content");
    expect(await read("kept", "a")).toBe("content");
    await server.killAndStart();
    await server.healthy();
    expect(await read("kept", "a")).toBe("content");
  });

  it("refuses a wrong key, plaintext, and clients of another authority", async () => {
    await expect((await client("wrong-secret")).listBuckets()).rejects.toMatchObject({ code: "SignatureDoesNotMatch" });
    const port = await server.port(9000);
    expect((await fetch(`http://localhost:${port}/minio/health/live`)).status).toBe(400);
    await expect(fetch(`https://localhost:${port}/`)).rejects.toMatchObject({
      cause: { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
    });
  });

  it("serves its console over TLS, and sends no browser there", async () => {
    const curl = ["curl", "-sS", "--cacert", "/run/secrets/ca.crt", "-o", "/dev/null", "-w", "%{http_code}"];
    expect(await server.exec(...curl, "https://localhost:9001/")).toBe("200");
    expect(await server.exec(...curl, "-A", "Mozilla/5.0", "https://localhost:9000/")).toBe("403");
  });

  it("serves all of its console's page by one connection, as browsers ask for it", async () => {
    const session = connect(`https://localhost:${await server.port(9001)}`, { ca: bench.authority.certificate });
    const answer = async (path: string) => {
      const stream = session.request({ ":path": path, "user-agent": "Mozilla/5.0" });
      const [headers] = (await once(stream, "response")) as [IncomingHttpHeaders];
      return { status: headers[":status"], body: await text(stream) };
    };
    const { body: page } = await answer("/");
    const parts = [...page.matchAll(/(?:src|href)="\.(\/[^"]+\.(?:js|css|svg))"/g)].map(([, path]) => path!);
    expect(parts.length).toBeGreaterThan(3);
    const answers = await Promise.all(parts.map(answer));
    session.destroy();
    expect(answers.map(({ status }) => status)).toEqual(parts.map(() => 200));
  });

  it("says which release it is", async () => {
    expect(await server.exec("minio", "--version")).toContain("RELEASE.2026-02-12T20-18-48Z (commit-id=7aac2a2c5b7c)");
  });

  it("shows no secret", async () => {
    const visible = await server.visible();
    expect(visible).not.toContain(canaries.minioRoot);
    expect(visible).not.toContain("PRIVATE KEY");
  });
});
