import type { FastifyRequest } from "fastify";
import { Problem } from "../../shared/http/problem";
import { Content } from "./content";
import type { Staging } from "./staging";

export interface Received {
  content: Content;
  title: string | undefined;
}

/**
 * Reads a form of one file and perhaps a `title`, and stores the file under the asset's id as it comes in.
 *
 * @throws Problem for everything that is wrong with it; nothing of it is left then
 */
export async function receive(request: FastifyRequest, staging: Staging, asset: string): Promise<Received> {
  let content: Content | undefined;
  let title: string | undefined;
  let hasTitle = false;
  try {
    for await (const part of request.parts()) {
      if (part.type === "file") {
        checkName(part.filename);
        const coming = await Content.of(part.file);
        await staging.put(asset, coming);
        content = coming;
      } else if (part.fieldname === "title") {
        if (hasTitle) throw new Problem(422, "invalid-request", { detail: "The form has more than one title" });
        hasTitle = true;
        title = checkTitle(part.value);
      } else throw new Problem(422, "invalid-request", { detail: "The form has other fields than file and title" });
    }
  } catch (error) {
    if (content) await staging.remove(asset);
    throw problemOf(error);
  }
  if (content) return { content, title };
  throw new Problem(422, "invalid-request", { detail: "The form has no file" });
}

/** A name is never used for anything, but whoever sends a path as one is up to something. */
function checkName(name: string): void {
  if (name.length <= 255 && !/[/\\\u0000-\u001f]/.test(name)) return;
  const detail = "The file's name is a path, has control characters, or is too long";
  throw new Problem(422, "bad-file-name", { detail });
}

function checkTitle(value: unknown): string | undefined {
  const title = String(value);
  if ([...title].length <= 200 && !title.includes("\u0000")) return title.trim() || undefined;
  const detail = "The title has more than 200 characters, or a NUL character";
  throw new Problem(422, "invalid-request", { detail });
}

/** What the parser of forms answers otherwise than all services do: decision 18. */
const statuses: Readonly<Record<string, number>> = {
  FST_INVALID_MULTIPART_CONTENT_TYPE: 415,
  FST_INVALID_JSON_FIELD_ERROR: 400,
  FST_PROTO_VIOLATION: 422,
};

/** What the parser of forms has to say. */
function problemOf(error: unknown): unknown {
  if (error instanceof Problem) return error;
  const { code = "", statusCode, message } = error as { code?: string; statusCode?: number; message: string };
  const status = statuses[code];
  if (status) return new Problem(status, undefined, { detail: message, cause: error });
  if (statusCode !== undefined) return error;
  const isForm = /multipart|Unexpected end|Malformed part|boundary|premature|aborted/i.test(message);
  return isForm ? new Problem(400, "cut-off", { detail: "The form ends too early", cause: error }) : error;
}
