import { createHash } from "node:crypto";
import { Type } from "typebox";
import { microsecondsOf, momentOf, Page, page, pageQuery, positionOf } from "../../shared/http/page";
import type { Server } from "../../shared/http/types";
import { originOf, personOf, type Origin, type Person } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";
import { key } from "../../shared/keyspace";
import type { Cache } from "../../shared/stores/cache";

const Media = Type.Object({
  media_type: Type.String(),
  size_bytes: Type.Integer(),
  sha256: Type.String({ description: "In hex" }),
});

const Entry = Type.Object({
  id: Type.String({ format: "uuid" }),
  title: Type.String(),
  topics: Type.Array(Type.String({ description: "Slug" })),
  media: Type.Union([Media, Type.Null()]),
  published_at: Type.String({ format: "date-time" }),
  updated_at: Type.String({ format: "date-time" }),
});

const Query = Type.Object(
  { ...pageQuery(), topic: Type.Optional(Type.String({ pattern: "^[a-z0-9]+(-[a-z0-9]+)*$", maxLength: 80 })) },
  { additionalProperties: false },
);

interface Question {
  limit: number;
  cursor?: string;
  topic?: string;
}

/** `GET /api/manifest`: what is published, the newest first; the same for all who ask, and so cached for all. */
export function manifestRoute(server: Server, transactions: Transactions, cache: Cache): void {
  const schema = {
    tags: ["content"],
    summary: "What is published, the newest first; with an ETag",
    querystring: Query,
    headers: Type.Object({ "if-none-match": Type.Optional(Type.String({ maxLength: 1000 })) }),
    response: { 200: Page(Entry), 304: { description: "Not changed since that ETag", type: "null" } },
  };
  server.get("/api/manifest", { config: { access: "user" }, schema }, async (request, reply) => {
    const { limit, cursor, topic } = request.query;
    const at = key("manifest", String(limit), cursor ?? "", topic ?? "");
    const cached = await cache.attempt((client) => client.get(at.name));
    let body = cached ?? undefined;
    if (body === undefined) {
      const found = await read(personOf(request), originOf(request), request.query);
      body = JSON.stringify(found);
      await cache.attempt((client) => client.set(at.name, body!, "EX", at.ttlSeconds));
    }
    const etag = `"${createHash("sha256").update(body).digest("base64url")}"`;
    reply.headers({ etag, "cache-control": "private, no-cache", vary: "authorization" });
    if (matches(request.headers["if-none-match"], etag)) return reply.code(304).send();
    // As text it is what it is; an object would be made into the same text once more.
    return reply.header("content-type", "application/json; charset=utf-8").serializer(String).send(body);
  });

  const read = async (person: Person, origin: Origin, { limit, cursor, topic }: Question) => {
    const after = positionOf(cursor);
    // A file is shown with its author's items alone, as the policy has it for readers: what is cached is for all.
    const rows = await transactions.ask<{ id: string; at: string }>(person, origin, {
      name: "manifest",
      text: `SELECT i.id, i.title, i.published_at, i.updated_at,
                    ${microsecondsOf("i.published_at")} AS at,
                    ARRAY(SELECT t.slug FROM content.content_topics AS c JOIN content.topics AS t ON t.id = c.topic_id
                           WHERE c.content_item_id = i.id ORDER BY t.slug) AS topics,
                    CASE WHEN a.id IS NOT NULL THEN json_build_object(
                      'media_type', a.media_type, 'size_bytes', a.size_bytes, 'sha256', encode(a.sha256, 'hex')
                    ) END AS media
               FROM content.content_items AS i
               LEFT JOIN content.assets AS a
                 ON a.id = i.asset_id AND a.owner_id = i.author_id AND a.deleted_at IS NULL
              WHERE i.status = 'published' AND i.deleted_at IS NULL
                AND ($1::bigint IS NULL OR
                     (i.published_at, i.id) < (${momentOf("$1")}, $2))
                AND ($3::text IS NULL OR EXISTS (
                  SELECT FROM content.content_topics AS c JOIN content.topics AS t ON t.id = c.topic_id
                   WHERE c.content_item_id = i.id AND t.slug = $3))
              ORDER BY i.published_at DESC, i.id DESC LIMIT $4`,
      values: [after?.at, after?.id, topic, limit + 1],
    });
    const { items, ...next } = page(rows, limit, ({ at, id }) => ({ at, id }));
    return { items: items.map(({ at: _, ...item }) => item), ...next };
  };
}

/** RFC 9110: a list of tags, weak or not, or any. */
const matches = (given: string | undefined, etag: string) =>
  given !== undefined && (given === "*" || given.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag));
