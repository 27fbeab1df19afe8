import { request } from "node:http";
import { asSuperuser, type Running } from "./platform";

export interface Sent {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export interface Form {
  /** File name; null: none. */
  name?: string;
  /** What the sender says that it is. */
  type?: string;
  title?: string;
  key?: string;
}

/** Sends a file as a browser does. */
export async function upload(
  url: string,
  authorization: Record<string, string>,
  file: Buffer,
  form: Form = {},
): Promise<Sent> {
  const { name = "photo.jpg", type = "image/jpeg", title, key } = form;
  const body = new FormData();
  if (title !== undefined) body.set("title", title);
  body.set("file", new Blob([new Uint8Array(file)], { type }), name);
  const headers = { ...authorization, ...(key !== undefined && { "idempotency-key": key }) };
  const answer = await fetch(`${url}/content/upload`, { method: "POST", headers, body });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
}

/** Sends the bytes of a form as they are, and cuts the connection after them where `cut` says so. The answer. */
export function sendRaw(
  { url }: Running,
  authorization: Record<string, string>,
  pieces: Iterable<Buffer | string>,
  cut = false,
): Promise<{ status: number; body: string } | "cut"> {
  return new Promise((resolve, reject) => {
    const headers = { ...authorization, "content-type": "multipart/form-data; boundary=frontier" };
    const sending = request(`${url}/content/upload`, { method: "POST", headers }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (piece: string) => (body += piece));
      answer.on("end", () => resolve({ status: answer.statusCode!, body }));
    });
    sending.on("error", (error) => (cut ? resolve("cut") : reject(error)));
    for (const piece of pieces) sending.write(piece);
    if (cut) setTimeout(() => sending.destroy(), 300);
    else sending.end();
  });
}

/** The beginning of a form's file, and its end. */
export const fileHead = (name: string) =>
  `--frontier\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: image/jpeg\r\n\r\n`;
export const formEnd = "\r\n--frontier--\r\n";

/** Rows of somebody's assets. */
export const assetsOf = (owner: string) =>
  asSuperuser(async (client) => {
    const { rows } = await client.query<{ id: string; status: string; refusal: string | null }>(
      "SELECT id, status, refusal FROM content.assets WHERE owner_id = $1 ORDER BY created_at",
      [owner],
    );
    return rows;
  });
