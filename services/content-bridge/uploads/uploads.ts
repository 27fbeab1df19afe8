import type { PoolClient } from "pg";
import { Problem } from "../../shared/http/problem";
import type { Origin, Person } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";
import { enqueue } from "../../shared/jobs/enqueue";
import { objectKeys } from "../../shared/uploads/object-keys";
import type { Content } from "./content";
import type { Staging } from "./staging";

/** A row of content.assets, as its owner sees it. */
export interface AssetRow {
  id: string;
  status: "uploaded" | "processing" | "ready" | "refused" | "failed";
  refusal: string | null;
  media_type: string;
  size_bytes: string;
  title: string | null;
  width: string | null;
  height: string | null;
  duration_seconds: number | null;
  created_at: Date;
  upload_sha256: Buffer;
  idempotency_key: string | null;
}

export interface Upload {
  /** Of the asset, under which its content is stored already. */
  id: string;
  content: Content;
  title: string | undefined;
  idempotencyKey: string | undefined;
}

const columns = `id, status, refusal, media_type, size_bytes, title, width, height, duration_seconds, created_at,
  upload_sha256, idempotency_key`;

/** Rows of what people send, until they are the worker's. */
export class Uploads {
  constructor(
    private readonly staging: Staging,
    private readonly transactions: Transactions,
  ) {}

  /** Takes an upload, or finds that it is there already: the asset, and whether it is new. */
  async take(person: Person, origin: Origin, upload: Upload): Promise<{ asset: AssetRow; isNew: boolean }> {
    const taken = await this.transactions.asIdentity(person, origin, (client) => insert(client, person, upload));
    if (!taken.isNew) await this.staging.remove(upload.id);
    if (taken.asset) return { asset: taken.asset, isNew: taken.isNew };
    throw new Problem(422, "idempotency-key-reused", { detail: "Something else was sent under this idempotency key" });
  }

  /** One's own, whatever became of it. */
  async find(person: Person, origin: Origin, id: string): Promise<AssetRow | undefined> {
    const text = `SELECT ${columns} FROM content.assets WHERE id = $1 AND owner_id = $2 AND upload_sha256 IS NOT NULL`;
    return this.transactions.asIdentity(person, origin, async (client) => {
      const { rows } = await client.query<AssetRow>({ name: "find upload", text, values: [id, person.id] });
      return rows[0];
    });
  }
}

/** The asset with a run, or what is there of the same content or under the same key; none where those differ. */
async function insert(client: PoolClient, { id: owner }: Person, upload: Upload) {
  const { id, content, title, idempotencyKey } = upload;
  const digest = content.digest();
  const { rows } = await client.query<AssetRow>({
    name: "insert upload",
    text: `INSERT INTO content.assets (id, owner_id, object_key, media_type, size_bytes, sha256, upload_sha256, title,
                                       idempotency_key, status)
           VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, 'uploaded') ON CONFLICT DO NOTHING RETURNING ${columns}`,
    values: [id, owner, objectKeys.media(id), content.mediaType, content.sizeBytes, digest, title, idempotencyKey],
  });
  if (rows[0]) {
    await enqueue(client, { job: content.spec.job, key: id, payload: { asset: id } });
    return { asset: rows[0], isNew: true };
  }
  const found = await client.query<AssetRow>({
    name: "find same upload",
    text: `SELECT ${columns} FROM content.assets
            WHERE owner_id = $1 AND deleted_at IS NULL AND (upload_sha256 = $2 OR idempotency_key = $3)
            ORDER BY idempotency_key = $3 DESC NULLS LAST`,
    values: [owner, digest, idempotencyKey],
  });
  const [asset] = found.rows;
  return { asset: asset?.upload_sha256.equals(digest) ? asset : undefined, isNew: false };
}
