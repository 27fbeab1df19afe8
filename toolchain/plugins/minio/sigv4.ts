import { createHash, createHmac } from "node:crypto";

export interface SignedRequest {
  method: string;
  url: URL;
  /** Names in lower case, `x-amz-date` among them. All are signed, and `host` with them. */
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface Credentials {
  accessKey: string;
  secretKey: string;
  region: string;
  service: string;
}

/** The Authorization header of AWS Signature Version 4. */
export function authorization({ method, url, headers, body }: SignedRequest, credentials: Credentials): string {
  const signed = Object.entries({ ...headers, host: url.host }).sort(byName);
  const names = signed.map(([name]) => name).join(";");
  const canonical = [
    method,
    url.pathname,
    canonicalQuery(url.searchParams),
    ...signed.map(([name, value]) => `${name}:${value.trim()}`),
    "",
    names,
    sha256(body),
  ].join("\n");

  const { accessKey, secretKey, region, service } = credentials;
  const time = headers["x-amz-date"] ?? "";
  const scope = [time.slice(0, 8), region, service, "aws4_request"];
  const toSign = ["AWS4-HMAC-SHA256", time, scope.join("/"), sha256(canonical)].join("\n");
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretKey}`);
  const signature = hmac(key, toSign).toString("hex");
  return `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope.join("/")}, SignedHeaders=${names}, Signature=${signature}`;
}

/** `20150830T123600Z` */
export function amzDate(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d+/g, "");
}

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}

function canonicalQuery(parameters: URLSearchParams): string {
  return [...parameters]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(byName)
    .map((pair) => pair.join("="))
    .join("&");
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
