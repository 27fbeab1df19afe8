import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { Client as Minio } from "minio";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readModels } from "../../../lib/models";
import { hma } from "../../../provider/hma";
import { PlatformDatabase } from "../../support/platform-database";
import { ProviderDriver } from "../../support/provider-driver";
import { startMinio } from "../../support/servers";

const bucket = "huntmaster-models";
const [shipped] = readModels("models") as [ReturnType<typeof readModels>[number]];
let database: PlatformDatabase;
let minio: Awaited<ReturnType<typeof startMinio>>;
let agent: Agent;
let store: Minio;
let driver: ProviderDriver<unknown>;

/** The shipped version and two later ones, with the same weights. */
const declared = ["1.0.0", "1.1.0", "1.2.0"].map((version) => ({
  id: `call-type ${version}`,
  objectKey: `call-type/${version}/model.onnx`,
  file: shipped.file,
  card: JSON.stringify({ ...shipped.card, version }),
}));

const inputs = (count = declared.length) => ({
  connection: { ...database.connection() },
  store: { endpoint: `localhost:${minio.port}`, accessKey: minio.user, secretKey: minio.password, caFile: minio.caFile },
  bucket,
  models: Object.fromEntries(declared.slice(0, count).map(({ id, ...model }) => [id, model])),
});

const registry = () =>
  database.psql(
    `SELECT version, status, canary_percent, encode(sha256, 'hex') = card->>'sha256'
       FROM ml_infrastructure.model_registry ORDER BY version`,
  );

beforeAll(async () => {
  [database, minio] = await Promise.all([PlatformDatabase.start(), startMinio()]);
  await database.furnish();
  await database.migrate();
  driver = new ProviderDriver(hma);
  await driver.configure({});
  agent = new Agent({ ca: readFileSync(minio.caFile, "utf8") });
  const { host: endPoint, port, user: accessKey, password: secretKey } = minio;
  store = new Minio({ endPoint, port, accessKey, secretKey, transportAgent: agent, region: "us-east-1" });
  await store.makeBucket(bucket);
});
afterAll(async () => {
  agent?.destroy();
  await minio?.stop();
  await database?.stop();
});
beforeEach(async () => {
  await database.psql("DELETE FROM ml_infrastructure.model_registry");
  for (const { objectKey } of declared) await store.removeObject(bucket, objectKey);
});

describe("Models", () => {
  it("publishes weights and rows, makes the last version active, and then has nothing to do", async () => {
    const kept = await driver.create("Models", inputs());
    expect(await registry()).toBe("1.0.0|registered|0|t\n1.1.0|registered|0|t\n1.2.0|active|0|t");
    const { size } = await store.statObject(bucket, declared[0]!.objectKey);
    expect(size).toBe(readFileSync(shipped.file).length);
    expect(await driver.changes(kept, inputs())).toEqual([]);
    const before = await database.psql("SELECT updated_at FROM ml_infrastructure.model_registry ORDER BY version");
    await driver.update(kept, inputs());
    expect(await database.psql("SELECT updated_at FROM ml_infrastructure.model_registry ORDER BY version")).toBe(before);
    expect(await database.psql("SELECT name, value FROM ml_infrastructure.model_metrics LIMIT 1")).toBe(
      `accuracy|${shipped.card.measured.accuracy}`,
    );
    expect(await database.psql("SELECT count(*) FROM ml_infrastructure.model_metrics")).toBe("3");
  });

  it("leaves to people what they decided: a later version waits for its rollout", async () => {
    const kept = await driver.create("Models", inputs(1));
    expect(await driver.changes(kept, inputs(2))).toEqual(['models["call-type 1.1.0"]']);
    await driver.update(kept, inputs(2));
    expect(await registry()).toBe("1.0.0|active|0|t\n1.1.0|registered|0|t");
    await database.psql("UPDATE ml_infrastructure.model_registry SET canary_percent = 5 WHERE version = '1.1.0'");
    await driver.update(kept, inputs(3));
    expect(await registry()).toBe("1.0.0|active|0|t\n1.1.0|registered|5|t\n1.2.0|registered|0|t");
  });

  it("finds by name what a hand took away or altered, and puts it back", async () => {
    const kept = await driver.create("Models", inputs());
    const drifts: (() => Promise<unknown>)[] = [
      () => store.removeObject(bucket, declared[1]!.objectKey),
      () => store.putObject(bucket, declared[1]!.objectKey, "weights of somebody else"),
      () => database.psql("UPDATE ml_infrastructure.model_registry SET sha256 = sha256('x') WHERE version = '1.1.0'"),
      () => database.psql("UPDATE ml_infrastructure.model_registry SET object_key = 'x' WHERE version = '1.1.0'"),
      () => database.psql("DELETE FROM ml_infrastructure.model_registry WHERE version = '1.1.0'"),
    ];
    for (const drift of drifts) {
      expect(await driver.found(kept, inputs(), drift)).toEqual(['models["call-type 1.1.0"]']);
    }
  });

  it("says nothing of stores that cannot be asked", async () => {
    const kept = await driver.create("Models", inputs());
    const noStore = { ...inputs(), store: { ...inputs().store, endpoint: "localhost:9" } };
    const noDatabase = { ...inputs(), connection: { ...inputs().connection, port: 9 } };
    const away = (values: typeof noStore) => ({ ...kept, state: { ...kept.state, values } });
    expect(await driver.changes(away(noStore), noStore)).toEqual([]);
    expect(await driver.changes(away(noDatabase), noDatabase)).toEqual([]);
  });
});
