import { createHash } from "node:crypto";
import { request } from "node:https";
import { amzDate, authorization, sha256 } from "../../toolchain/plugins/minio/sigv4";

export interface S3Request {
  method: string;
  /** As it is sent: dots and percent signs stay as they are. */
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** What the signature is for; default `s3`. */
  service?: string;
}

export interface S3Answer {
  status: number;
  text: string;
}

/** A server and the authority that its certificate must come from. */
export interface S3Server {
  host: string;
  port: number;
  ca: string;
}

/**
 * Sends one request as an attacker with a key writes it, whom no client library keeps from anything.
 *
 * @param login access and secret key; without them the request is anonymous
 */
export function sendS3(
  { host, port, ca }: S3Server,
  login: { username: string; password: string } | undefined,
  { method, path, query = {}, headers = {}, body = "", service = "s3" }: S3Request,
): Promise<S3Answer> {
  const content = Buffer.from(body);
  const searchParams = new URLSearchParams(query);
  const sent: Record<string, string> = {
    "content-type": "application/octet-stream",
    ...headers,
    // Some operations want it as well.
    ...(content.length > 0 && { "content-md5": createHash("md5").update(content).digest("base64") }),
    "x-amz-content-sha256": sha256(content),
    "x-amz-date": amzDate(new Date()),
  };
  if (login) {
    // Not a real URL, which would resolve the dots that are to arrive.
    const url = { host: `${host}:${port}`, pathname: path, searchParams } as URL;
    const credentials = { accessKey: login.username, secretKey: login.password, region: "us-east-1", service };
    sent["authorization"] = authorization({ method, url, headers: sent, body: content }, credentials);
  }
  const search = searchParams.toString().replaceAll("+", "%20");
  const options = { host, port, ca, method, path: search ? `${path}?${search}` : path, timeout: 20_000 };
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...options, headers: { ...sent, "content-length": content.length } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer to ${method} ${path}`))).on("error", reject);
    outgoing.end(content);
  });
}
