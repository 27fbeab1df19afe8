import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bucket, storageUsers, type StorageUser, type StorageUserSpec } from "../../catalog/buckets";
import { sealBody } from "../../toolchain/plugins/minio/sealed-body";
import { ThrowAwayAuthority } from "../support/authority";
import { report } from "../support/figures";
import type { S3Request } from "../support/signed-request";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";
import { Attempts, expectRefused } from "./storage/attempts";
import { allBuckets, contentIn, kept, makeSpecimens, mark, removeSpecimens } from "./storage/specimens";

/** Proof 24: each user has its buckets, and nothing else, whatever it tries. */
const users = Object.keys(storageUsers) as StorageUser[];
const accessOf = (user: StorageUser, bucket: Bucket) => (storageUsers[user] as StorageUserSpec).access[bucket];

let clients: StackClients;
let attempts: Attempts;
/** The version of `kept` in each bucket. */
let versions: Record<Bucket, string>;

beforeAll(async () => {
  clients = new StackClients(await testOutputs());
  attempts = new Attempts(clients);
  versions = await makeSpecimens(clients);
});
afterAll(async () => {
  await removeSpecimens(clients);
  await report(24, `${attempts.count} requests of ${users.length} users and of nobody, each answered as the catalog says`);
});

/** What became of an operation of a client library: "done", or S3's code for why not. */
function outcome(operation: Promise<unknown>): Promise<string> {
  attempts.count += 1;
  return operation.then(
    () => "done",
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
}

const publicPolicy = (bucket: Bucket) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: ["s3:GetObject"], Resource: [`arn:aws:s3:::${bucket}/*`] }],
  });

describe.each(users.flatMap((user) => allBuckets.map((bucket) => [user, bucket] as const)))("%s on %s", (user, bucket) => {
  const level = accessOf(user, bucket);
  const expected = (levels: readonly string[]) => (level && levels.includes(level) ? "done" : "AccessDenied");
  const own = `${mark}${user}`;

  it(`may ${level ?? "do nothing"}`, async () => {
    const client = clients.minio(user);
    const read = async () => expect(await text(await client.getObject(bucket, kept))).toBe(contentIn(bucket));
    const list = () => client.listObjects(bucket, mark).toArray();
    expect(await outcome(read())).toBe(expected(["read", "write"]));
    expect(await outcome(list())).toBe(expected(["read", "write"]));
    expect(await outcome(client.putObject(bucket, own, "uploaded"))).toBe(expected(["write"]));
    expect(await outcome(client.removeObject(bucket, own))).toBe(expected(["write"]));
  });

  it("gets no kept version away, nor anything about the bucket changed", async () => {
    const [root, object] = [`/${bucket}`, `/${bucket}/${kept}`];
    const force = { "x-minio-force-delete": "true" };
    const rule = "<Rule><ID>x</ID><Status>Enabled</Status><Filter/><Expiration><Days>1</Days></Expiration></Rule>";
    await attempts.expectDenied(user, {
      "delete a version": { method: "DELETE", path: object, query: { versionId: versions[bucket] } },
      "delete all versions": { method: "DELETE", path: object, headers: force },
      "delete a folder": { method: "DELETE", path: `/${bucket}/folder/`, headers: force },
      "delete the bucket": { method: "DELETE", path: root },
      "force it away": { method: "DELETE", path: root, headers: force },
      "read the policy": { method: "GET", path: root, query: { policy: "" } },
      "open it to all": { method: "PUT", path: root, query: { policy: "" }, body: publicPolicy(bucket) },
      "drop the policy": { method: "DELETE", path: root, query: { policy: "" } },
      "end versioning": {
        ...{ method: "PUT", path: root, query: { versioning: "" } },
        body: "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>",
      },
      "make all expire": {
        ...{ method: "PUT", path: root, query: { lifecycle: "" } },
        body: `<LifecycleConfiguration>${rule}</LifecycleConfiguration>`,
      },
      "drop the lifecycle": { method: "DELETE", path: root, query: { lifecycle: "" } },
    });
    const versioned = `<Delete><Object><Key>${kept}</Key><VersionId>${versions[bucket]}</VersionId></Object></Delete>`;
    // It answers 200 and tells of each object what became of it.
    const { text: said } = await attempts.send(user, { method: "POST", path: root, query: { delete: "" }, body: versioned });
    expect(said).toContain("AccessDenied");
    const found = clients.minio("root").getObject(bucket, kept, { versionId: versions[bucket] });
    expect(await text(await found)).toBe(contentIn(bucket));
  });
});

describe.each(users)("%s", (user) => {
  const own = allBuckets.find((bucket) => accessOf(user, bucket))!;
  const foreign = allBuckets.filter((bucket) => !accessOf(user, bucket));

  it("gets at no other bucket by a trick with names", async () => {
    for (const bucket of foreign) {
      const paths = [
        `/${own}/../${bucket}/${kept}`,
        `/${own}/%2e%2e/${bucket}/${kept}`,
        `/${own}/%2E%2E%2F${bucket}%2F${kept}`,
        `/${own}/..%5C${bucket}%5C${kept}`,
        `//${bucket}/${kept}`,
        `/${own}//${bucket}/${kept}`,
        `/./${bucket}/${kept}`,
        `/${bucket}/./${kept}`,
        `/${own}/${mark}%00/../../${bucket}/${kept}`,
        `/.minio.sys/buckets/${bucket}/.metadata.bin`,
        "/.minio.sys/config/iam/users/",
      ];
      for (const path of paths) {
        for (const method of ["GET", "PUT", "DELETE"]) {
          const answer = await attempts.send(user, { method, path, body: method === "PUT" ? "intruder" : "" });
          // After a double slash it is a name in one's own bucket.
          const inOwn = path.startsWith(`/${own}//`) && accessOf(user, own) === "write" && method !== "GET";
          if (!inOwn) expectRefused(answer);
        }
      }
      expect(await text(await clients.minio("root").getObject(bucket, kept))).toBe(contentIn(bucket));
    }
  });

  it("copies nothing out of another bucket", async () => {
    for (const bucket of foreign) {
      for (const source of [`/${bucket}/${kept}`, `${bucket}/${kept}`, `/${own}/../${bucket}/${kept}`, `%2F${bucket}%2F${kept}`]) {
        const path = `/${own}/${mark}copy`;
        expectRefused(await attempts.send(user, { method: "PUT", path, headers: { "x-amz-copy-source": source } }));
      }
    }
  });

  it("gets nothing by a link that it was not given", async () => {
    const link = new URL(await clients.minio(user).presignedGetObject(own, kept, 60));
    for (const bucket of foreign) {
      expectRefused(await attempts.send(undefined, { method: "GET", path: `/${bucket}/${kept}`, query: Object.fromEntries(link.searchParams) }));
      const foreignLink = new URL(await clients.minio(user).presignedGetObject(bucket, kept, 60));
      const query = Object.fromEntries(foreignLink.searchParams);
      expectRefused(await attempts.send(undefined, { method: "GET", path: foreignLink.pathname, query }));
    }
  });

  it("makes no bucket, and sees the names of its own alone", async () => {
    expectRefused(await attempts.send(user, { method: "PUT", path: "/specimen-intruder" }));
    const { text: list } = await attempts.send(user, { method: "GET", path: "/" });
    const named = [...list.matchAll(/<Name>([^<]*)<\/Name>/g)].map(([, name]) => name);
    expect(named).toEqual(allBuckets.filter((bucket) => accessOf(user, bucket)).sort());
  });

  it("makes no lasting key, changes no user or policy, and learns nothing of the server", async () => {
    const { username, password } = clients.credential(`minio.${user}`);
    const sealed = (body: object) => sealBody(password, JSON.stringify(body));
    const admin = (method: string, call: string, query = {}, body: Buffer | string = ""): S3Request => ({
      ...{ method, path: `/minio/admin/v3/${call}`, query, body },
    });
    const key = { accessKey: "specimenintruder", secretKey: "specimen-intruder" };
    const account = { secretKey: password, status: "enabled" };
    await attempts.expectDenied(user, {
      "new key": admin("PUT", "add-service-account", {}, sealed(key)),
      "new key of root": admin("PUT", "add-service-account", {}, sealed({ ...key, targetUser: "hma_admin" })),
      "new user": admin("PUT", "add-user", { accessKey: "intruder" }, sealed(account)),
      "own secret": admin("PUT", "add-user", { accessKey: username }, sealed(account)),
      "own policy": admin("PUT", "add-canned-policy", { name: `hma-${user}` }, publicPolicy(own)),
      "new policy": admin("PUT", "add-canned-policy", { name: "intruder" }, publicPolicy(own)),
      attach: admin("POST", "idp/builtin/policy/attach", {}, sealed({ policies: ["readwrite"], user: username })),
      "list users": admin("GET", "list-users"),
      "server info": admin("GET", "info"),
      config: admin("GET", "get-config-kv", { key: "api" }),
      trace: admin("GET", "trace", { s3: "true" }),
      stop: admin("POST", "service", { action: "stop" }),
    });
  });

  it("gets no more from a temporary key, which MinIO refuses to nobody", async () => {
    const answer = await attempts.send(user, {
      ...{ method: "POST", path: "/", service: "sts", headers: { "content-type": "application/x-www-form-urlencoded" } },
      body: "Action=AssumeRole&Version=2011-06-15&DurationSeconds=900",
    });
    const part = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer.text)?.[1] ?? "";
    const login = { username: part("AccessKeyId"), password: part("SecretAccessKey") };
    const headers = { "x-amz-security-token": part("SessionToken") };
    const ask = (request: S3Request) => attempts.send(login, { ...request, headers });
    expect((await ask({ method: "GET", path: `/${own}/${kept}` })).status).toBe(200);
    for (const bucket of foreign) expect((await ask({ method: "GET", path: `/${bucket}/${kept}` })).status).toBe(403);
    const key = JSON.stringify({ accessKey: "specimenintruder", secretKey: "specimen-intruder" });
    const body = sealBody(login.password, key);
    expect((await ask({ method: "PUT", path: "/minio/admin/v3/add-service-account", body })).status).toBe(403);
  });
});

describe("somebody without a key", () => {
  it.each(allBuckets)("gets nothing of %s", (bucket) =>
    attempts.expectDenied(undefined, {
      read: { method: "GET", path: `/${bucket}/${kept}` },
      ask: { method: "HEAD", path: `/${bucket}/${kept}` },
      list: { method: "GET", path: `/${bucket}` },
      write: { method: "PUT", path: `/${bucket}/${mark}anonymous`, body: "intruder" },
      delete: { method: "DELETE", path: `/${bucket}/${kept}` },
      "open it to all": { method: "PUT", path: `/${bucket}`, query: { policy: "" }, body: publicPolicy(bucket) },
    }),
  );

  it("gets nothing with a wrong secret, and no list of buckets, nor metrics", async () => {
    const wrong = { username: "content-bridge", password: "wrong-wrong-wrong" };
    expect((await attempts.send(wrong, { method: "GET", path: `/huntmaster-media/${kept}` })).status).toBe(403);
    expect((await attempts.send(undefined, { method: "GET", path: "/" })).status).toBe(403);
    expect((await attempts.send(undefined, { method: "GET", path: "/minio/v2/metrics/cluster" })).status).toBe(403);
  });
});

describe("the way in", () => {
  it("is closed in plain text", async () => {
    const { host, port } = clients.endpoint("minio");
    const answer = await fetch(`http://${host}:${port}/huntmaster-media/${kept}`);
    expect(answer.status).toBe(400);
  });

  it("does not pass for a client that trusts another authority", async () => {
    const { certificate } = await ThrowAwayAuthority.create();
    await expect(clients.minio("root", certificate).listBuckets()).rejects.toThrow(/self-signed|unable to verify/);
  });
});
