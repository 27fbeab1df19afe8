import { request as httpRequest, type Agent } from "node:http";
import { request as httpsRequest } from "node:https";
import { sealBody } from "./sealed-body";
import { amzDate, authorization, sha256 } from "./sigv4";

/** Longest wait for an answer, in milliseconds. */
const TIMEOUT = 30_000;

export interface AdminSettings {
  url: URL;
  agent: Agent;
  accessKey: string;
  secretKey: string;
  region: string;
}

export interface UserInfo {
  status: "enabled" | "disabled";
  /** Names of its policies, with commas between them. */
  policyName?: string;
}

/** An answer that says no; `code` is MinIO's own, such as `XMinioAdminNoSuchUser`. */
export class AdminError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${message} (${code})`);
  }
}

/** The part of MinIO's administration API that users and policies take. */
export class Admin {
  constructor(private readonly settings: AdminSettings) {}

  /** Makes the user, or changes the one of that name; its policies stay. */
  async setUser(name: string, secretKey: string, status: UserInfo["status"]): Promise<void> {
    await this.call("PUT", "add-user", { accessKey: name }, this.sealed({ secretKey, status }));
  }

  async userInfo(name: string): Promise<UserInfo | undefined> {
    const answer = await unlessMissing(this.call("GET", "user-info", { accessKey: name }));
    return answer === undefined ? undefined : (JSON.parse(answer) as UserInfo);
  }

  async removeUser(name: string): Promise<void> {
    await unlessMissing(this.call("DELETE", "remove-user", { accessKey: name }));
  }

  /** Makes the policy, or replaces the one of that name. */
  async setPolicy(name: string, document: string): Promise<void> {
    await this.call("PUT", "add-canned-policy", { name }, Buffer.from(document));
  }

  async policy(name: string): Promise<string | undefined> {
    return unlessMissing(this.call("GET", "info-canned-policy", { name }));
  }

  async removePolicy(name: string): Promise<void> {
    await unlessMissing(this.call("DELETE", "remove-canned-policy", { name }));
  }

  /** Gives a user a policy, or takes it away; nothing happens if that is so already. */
  async changePolicy(operation: "attach" | "detach", user: string, policy: string): Promise<void> {
    const body = this.sealed({ policies: [policy], user });
    try {
      await this.call("POST", `idp/builtin/policy/${operation}`, {}, body);
    } catch (error) {
      if (!(error instanceof AdminError && error.code === "XMinioAdminPolicyChangeAlreadyApplied")) throw error;
    }
  }

  private sealed(content: object): Buffer {
    return sealBody(this.settings.secretKey, JSON.stringify(content));
  }

  private async call(method: string, path: string, query: Record<string, string>, body: Buffer = Buffer.alloc(0)) {
    const { url: base, region, accessKey, secretKey } = this.settings;
    const url = new URL(
      `/minio/admin/v3/${path}?${new URLSearchParams(query).toString().replaceAll("+", "%20")}`,
      base,
    );
    const headers: Record<string, string> = {
      "content-type": "application/octet-stream",
      "x-amz-content-sha256": sha256(body),
      "x-amz-date": amzDate(new Date()),
    };
    const credentials = { accessKey, secretKey, region, service: "s3" };
    headers["authorization"] = authorization({ method, url, headers, body }, credentials);
    const { status, text } = await this.send(method, url, headers, body);
    if (status !== 200) throw errorOf(status, text);
    return text;
  }

  private send(method: string, url: URL, headers: Record<string, string>, body: Buffer) {
    const request = url.protocol === "https:" ? httpsRequest : httpRequest;
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      const options = { method, headers: { ...headers, "content-length": body.length }, agent: this.settings.agent };
      const outgoing = request(url, options, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      });
      outgoing.setTimeout(TIMEOUT, () => outgoing.destroy(new Error(`no answer within ${TIMEOUT / 1000} s`)));
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }
}

function errorOf(status: number, text: string): AdminError {
  const [code, message] = [/"Code":"([^"]*)"/, /"Message":"([^"]*)"/].map((pattern) => pattern.exec(text)?.[1]);
  return new AdminError(code ?? `HTTP ${status}`, message ?? "MinIO refused");
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AdminError && /^XMinioAdminNoSuch(User|Policy)$/.test(error.code)) return undefined;
    throw error;
  }
}
