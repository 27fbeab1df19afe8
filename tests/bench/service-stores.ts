import { createHash, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { Client as Minio } from "minio";
import { Client } from "pg";
import { superuser } from "../../catalog/roles";
import { readModels } from "../../lib/models";
import { accessTokenOf, type TokenHolder } from "../services/support/access-token";
import { startStores, type Stores } from "../services/support/stores";

/** Accounts, each with a profile and a session, and items that are published. */
const people = 1000;
const items = 200;

/** The model that is asked. */
export const [shipped] = readModels("models") as [ReturnType<typeof readModels>[number]];

/** What the services and their peer work on. */
export interface BenchStores {
  stores: Stores;
  /** PEM of the key that access tokens are signed with. */
  tokenKey: string;
  /** Access tokens of everybody, good for 15 minutes from now. */
  newTokens(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Postgres, Redis and MinIO with people, items and a model in them. */
export async function startBenchStores(): Promise<BenchStores> {
  const { stores, stop } = await startStores();
  try {
    const tokenKey = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    const holders = await fill(stores);
    await publishModel(stores);
    const newTokens = () => Promise.all(holders.map((holder) => accessTokenOf(holder, tokenKey)));
    return { stores, tokenKey, newTokens, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fill(stores: Stores): Promise<TokenHolder[]> {
  return asSuperuser(stores, async (client) => {
    await client.query(`
      INSERT INTO auth.users (email, password_hash, birth_date)
      SELECT format('person-%s@example.test', n), 'x', '1980-01-01' FROM generate_series(1, ${people}) AS n;
      INSERT INTO users.profiles (user_id, display_name, home_sealed, phone_sealed)
      SELECT id, 'Hunter', platform.seal_personal('{"type": "Point", "coordinates": [7.25, 46.5]}'),
             platform.seal_personal('+41 44 000 00 00')
        FROM auth.users WHERE email LIKE 'person-%';
      INSERT INTO auth.sessions (user_id, expires_at)
      SELECT id, now() + interval '1 day' FROM auth.users WHERE email LIKE 'person-%';
      INSERT INTO content.topics (slug, name) SELECT 'topic-' || n, 'Topic ' || n FROM generate_series(1, 5) AS n;
      WITH item AS (
        INSERT INTO content.content_items (author_id, status, title, body, published_at)
        SELECT (SELECT min(id::text)::uuid FROM auth.users WHERE email LIKE 'person-%'), 'published',
               'How to call an elk, part ' || n, repeat('From the first bugle to the last. ', 30), now() - n * interval '1 hour'
          FROM generate_series(1, ${items}) AS n
        RETURNING id
      )
      INSERT INTO content.content_topics (content_item_id, topic_id)
      SELECT item.id, topic.id FROM item, content.topics AS topic WHERE topic.slug LIKE 'topic-%';
      ANALYZE;`);
    const { rows } = await client.query<TokenHolder>(
      `SELECT u.id, u.role, s.id AS "sessionId" FROM auth.users AS u JOIN auth.sessions AS s ON s.user_id = u.id
        WHERE u.email LIKE 'person-%'`,
    );
    return rows;
  });
}

/** As a deployment does it. */
async function publishModel(stores: Stores): Promise<void> {
  const { card, objectKey, file } = shipped;
  const { hostname: endPoint, port } = new URL(stores.objectStore.endpoint);
  const transportAgent = new Agent({ ca: stores.ca });
  const { accessKey, secretKey } = stores.objectStore;
  const weights = readFileSync(file);
  const minio = new Minio({ endPoint, port: Number(port), accessKey, secretKey, region: "us-east-1", transportAgent });
  await minio.putObject("huntmaster-models", objectKey, weights);
  transportAgent.destroy();
  await asSuperuser(stores, (client) =>
    client.query(
      `INSERT INTO ml_infrastructure.model_registry (name, version, framework, object_key, sha256, card, status)
       VALUES ($1, $2, 'onnx', $3, $4, $5, 'active')`,
      [card.name, card.version, objectKey, createHash("sha256").update(weights).digest(), card],
    ),
  );
}

async function asSuperuser<T>({ ca, database }: Stores, work: (client: Client) => Promise<T>): Promise<T> {
  const { host, port, name, password } = database;
  const login = { database: name, user: superuser, password: password[superuser] };
  const client = new Client({ host, port, ...login, ssl: { ca } });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
