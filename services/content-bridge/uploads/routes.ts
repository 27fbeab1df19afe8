import { randomUUID } from "node:crypto";
import multipart from "@fastify/multipart";
import { Type } from "typebox";
import { Problem, problems } from "../../shared/http/problem";
import { Text } from "../../shared/http/storable";
import type { Server } from "../../shared/http/types";
import { originOf, personOf } from "../../shared/identity/person";
import { mediaTypes } from "../../shared/uploads/media-types";
import { receive } from "./receive";
import type { Staging } from "./staging";
import type { AssetRow, Uploads } from "./uploads";

/** Uploads at once: each holds an image, or a part of a recording, in memory. */
const mostAtOnce = 4;
/** How long one may take to arrive, in milliseconds. */
const receiveLimitMs = 15 * 60_000;
const largest = Math.max(...Object.values(mediaTypes).map(({ maxBytes }) => maxBytes));
const parts = { files: 1, fields: 4, parts: 5, fieldNameSize: 100, fieldSize: 1000, headerPairs: 20 };

const Asset = Type.Object(
  {
    id: Type.String({ format: "uuid" }),
    status: Type.Enum(["uploaded", "processing", "ready", "refused", "failed"]),
    refusal: Type.Union([Type.String(), Type.Null()], { description: "Why it was refused or has failed" }),
    media_type: Type.String({ description: "By its content; of what was made of it once it is ready" }),
    size_bytes: Type.Integer(),
    title: Type.Union([Type.String(), Type.Null()]),
    width: Type.Union([Type.Integer(), Type.Null()], { description: "In pixels" }),
    height: Type.Union([Type.Integer(), Type.Null()], { description: "In pixels" }),
    duration_seconds: Type.Union([Type.Number(), Type.Null()]),
    created_at: Type.String({ format: "date-time" }),
  },
  { $id: "Upload" },
);

const Form = Type.Object(
  {
    title: Type.Optional(Text({ maxLength: 200 })),
    file: Type.String({ format: "binary", description: `One of ${Object.keys(mediaTypes).join(", ")}, by its content` }),
  },
  { additionalProperties: false },
);

const Headers = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({ pattern: "^[!-~]{1,200}$", description: "Names the request, to send it again without a second effect" }),
  ),
});

/** Sending files, and seeing what becomes of them. */
export async function uploadRoutes(server: Server, uploads: Uploads, staging: Staging): Promise<void> {
  server.addSchema(Asset);
  const limits = { ...parts, fileSize: largest + 1 };
  await server.register(multipart, { limits, preservePath: true, throwFileSizeLimit: false });
  // One limit holds for all requests of a server. Others are small, and a client that says nothing is cut off before.
  server.server.requestTimeout = receiveLimitMs;
  let underWay = 0;

  server.post(
    "/content/upload",
    {
      config: { access: "user" },
      // The form is read as it comes in, and never as a whole.
      bodyLimit: largest + 64 * 1024,
      validatorCompiler: ({ schema, httpPart, method, url }) =>
        httpPart === "body" ? () => true : server.validatorCompiler!({ schema, httpPart, method, url } as never),
      schema: {
        tags: ["content"],
        summary: "Upload an image, a video or a sound",
        consumes: ["multipart/form-data"],
        headers: Headers,
        body: Form,
        response: {
          200: { ...Type.Ref("Upload#"), description: "It is there already" },
          202: { ...Type.Ref("Upload#"), description: "Taken; the worker makes of it what people are shown" },
          ...problems(413, 415, 422),
        },
      },
    },
    async (request, reply) => {
      if (underWay >= mostAtOnce) throw new Problem(503, "too-many-uploads", { retryAfter: 5 });
      underWay++;
      try {
        const id = randomUUID();
        const received = await receive(request, staging, id);
        const upload = { id, ...received, idempotencyKey: request.headers["idempotency-key"] };
        const { asset, isNew } = await uploads.take(personOf(request), originOf(request), upload);
        return await reply
          .code(isNew ? 202 : 200)
          .header("location", `/content/upload/${asset.id}`)
          .send(view(asset));
      } finally {
        underWay--;
      }
    },
  );

  server.get(
    "/content/upload/:id",
    {
      config: { access: "user" },
      schema: {
        tags: ["content"],
        summary: "What has become of an upload of one's own",
        params: Type.Object({ id: Type.String({ format: "uuid" }) }),
        response: { 200: Type.Ref("Upload#"), ...problems(404) },
      },
    },
    async (request) => {
      const asset = await uploads.find(personOf(request), originOf(request), request.params.id);
      if (!asset) throw new Problem(404, undefined, { detail: "You have sent no such file" });
      return view(asset);
    },
  );
}

function view({ upload_sha256: _, idempotency_key: __, ...asset }: AssetRow) {
  const { size_bytes, width, height, created_at } = asset;
  return {
    ...asset,
    size_bytes: Number(size_bytes),
    width: width === null ? null : Number(width),
    height: height === null ? null : Number(height),
    created_at: created_at.toISOString(),
  };
}
