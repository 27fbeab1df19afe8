import { randomUUID } from "node:crypto";
import { asSuperuser } from "./platform";

export interface TestItem {
  id: string;
  objectKey: string;
  /** Topic that no other item has. */
  topic: string;
}

interface ItemOptions {
  status?: "draft" | "published";
  /** Slug of a topic made before. */
  topic?: string;
  publishedAt?: string;
}

/** An item with a file, made past the services; the file itself is not there. */
export async function newItem(authorId: string, options: ItemOptions = {}): Promise<TestItem> {
  const { status = "published", publishedAt = new Date().toISOString() } = options;
  const [id, asset, topic] = [randomUUID(), randomUUID(), options.topic ?? `topic-${randomUUID()}`];
  const objectKey = `media/${asset}`;
  await asSuperuser(async (client) => {
    await client.query(
      `INSERT INTO content.assets (id, owner_id, object_key, media_type, size_bytes, sha256)
       VALUES ($1, $2, $3, 'image/jpeg', 3, sha256('abc'))`,
      [asset, authorId, objectKey],
    );
    await client.query(
      `INSERT INTO content.content_items (id, author_id, asset_id, status, title, body, published_at)
       VALUES ($1, $2, $3, $4, 'Title of ' || $1::uuid, 'Body', $5)`,
      [id, authorId, asset, status, status === "published" ? publishedAt : null],
    );
    await client.query("INSERT INTO content.topics (slug, name) VALUES ($1, $2) ON CONFLICT DO NOTHING", [topic, topic]);
    await client.query(
      "INSERT INTO content.content_topics (content_item_id, topic_id) SELECT $1, id FROM content.topics WHERE slug = $2",
      [id, topic],
    );
  });
  return { id, objectKey, topic };
}
