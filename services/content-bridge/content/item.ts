import { Type } from "typebox";
import { Problem, problems } from "../../shared/http/problem";
import type { Server } from "../../shared/http/types";
import { originOf, personOf } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";
import type { ObjectStore } from "../../shared/stores/object-store";

/** How long a link works, in seconds. */
const linkSeconds = 300;

const Item = Type.Object({
  id: Type.String({ format: "uuid" }),
  title: Type.String(),
  body: Type.String({ description: "Markdown" }),
  status: Type.Enum(["draft", "published", "archived"]),
  metadata: Type.Record(Type.String(), Type.Unknown()),
  published_at: Type.Union([Type.String({ format: "date-time" }), Type.Null()]),
  updated_at: Type.String({ format: "date-time" }),
  media: Type.Union([
    Type.Object({
      media_type: Type.String(),
      size_bytes: Type.Integer(),
      url: Type.String({ format: "uri", description: "Works without a login until expires_at" }),
      expires_at: Type.String({ format: "date-time" }),
    }),
    Type.Null(),
  ]),
});

interface Row {
  id: string;
  title: string;
  body: string;
  status: "draft" | "published" | "archived";
  metadata: Record<string, unknown>;
  published_at: Date | null;
  updated_at: Date;
  object_key: string | null;
  media_type: string;
  size_bytes: string;
}

/** `GET /content/{id}`: an item as a person may see it: what is published, and drafts of their own. */
export function itemRoute(server: Server, transactions: Transactions, objectStore: ObjectStore): void {
  const schema = {
    tags: ["content"],
    summary: `An item, with a link to its file that works for ${linkSeconds} s`,
    params: Type.Object({ id: Type.String({ format: "uuid" }) }),
    response: { 200: Item, ...problems(404) },
  };
  server.get("/content/:id", { config: { access: "user" }, schema }, async (request) => {
    const { rows } = await transactions.asIdentity(personOf(request), originOf(request), (client) =>
      client.query<Row>({
        name: "content item",
        text: `SELECT i.id, i.title, i.body, i.status, i.metadata, i.published_at, i.updated_at,
                      a.object_key, a.media_type, a.size_bytes
                 FROM content.content_items AS i
                 LEFT JOIN content.assets AS a ON a.id = i.asset_id AND a.deleted_at IS NULL
                WHERE i.id = $1 AND i.deleted_at IS NULL`,
        values: [request.params.id],
      }),
    );
    const [row] = rows;
    if (!row) throw new Problem(404, undefined, { detail: "There is no such item" });
    const { object_key, media_type, size_bytes, ...item } = row;
    const published_at = item.published_at?.toISOString() ?? null;
    const file = { media_type, size_bytes: Number(size_bytes) };
    const media = object_key === null ? null : { ...file, ...(await link(object_key)) };
    return { ...item, published_at, updated_at: item.updated_at.toISOString(), media };
  });

  const link = async (objectKey: string) => ({
    // As a file: what people uploaded is never run in the browser as a page.
    url: await objectStore.link(objectKey, linkSeconds, { "response-content-disposition": "attachment" }),
    expires_at: new Date(Date.now() + linkSeconds * 1000).toISOString(),
  });
}
