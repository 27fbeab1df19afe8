import type { ClientBase } from "pg";
import type { Database } from "../../shared/stores/database";
import { objectKeys } from "../../shared/uploads/object-keys";
import type { Made, MadeMedia } from "./made";

/** Rows of content.assets on their way from an upload to what people are shown. */
export class Assets {
  constructor(private readonly database: Database) {}

  /**
   * Says that work on it has begun, perhaps again after it has failed. False where there is nothing to do: it is done,
   * refused, or thrown away.
   */
  async begin(id: string): Promise<boolean> {
    const rows = await this.database.query({
      name: "begin asset",
      text: `UPDATE content.assets SET status = 'processing', refusal = NULL
              WHERE id = $1 AND status IN ('uploaded', 'processing', 'failed') AND deleted_at IS NULL RETURNING id`,
      values: [id],
    });
    return rows.length > 0;
  }

  /** For a transaction: it is there. If it was thrown away meanwhile, what was stored of it goes again. */
  async finish(client: ClientBase, id: string, media: MadeMedia): Promise<void> {
    const { main, renditions } = media;
    const { rowCount } = await client.query(
      `UPDATE content.assets
          SET status = 'ready', media_type = $2, size_bytes = $3, sha256 = $4, width = $5, height = $6, duration_seconds = $7
        WHERE id = $1 AND status = 'processing'`,
      [id, main.mediaType, main.sizeBytes, main.sha256, main.width, main.height, main.durationSeconds],
    );
    if (rowCount === 0) {
      const remove = "INSERT INTO content.removed_objects (object_key) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING";
      await client.query(remove, [objectsOf(id, media).map(([key]) => key)]);
      return;
    }
    for (const [kind, { mediaType, sizeBytes, width, height }] of Object.entries(renditions)) {
      await client.query(
        `INSERT INTO content.renditions (asset_id, kind, object_key, media_type, size_bytes, width, height)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [id, kind, objectKeys.rendition(id, kind), mediaType, sizeBytes, width, height],
      );
    }
  }

  /** For a transaction: it will never be. Its owner can read why for 30 days. */
  async refuse(client: ClientBase, id: string, reason: string): Promise<void> {
    await client.query(
      `UPDATE content.assets SET status = 'refused', refusal = $2, deleted_at = now()
        WHERE id = $1 AND status = 'processing'`,
      [id, reason],
    );
  }
}

/** The objects of an asset, by their keys. */
export const objectsOf = (id: string, { main, renditions }: MadeMedia): [key: string, object: Made][] => [
  [objectKeys.media(id), main],
  ...Object.entries(renditions).map(([kind, made]): [string, Made] => [objectKeys.rendition(id, kind), made]),
];
