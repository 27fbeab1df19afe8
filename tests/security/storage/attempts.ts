import { expect } from "vitest";
import type { StorageUser } from "../../../catalog/buckets";
import { type S3Answer, type S3Request, sendS3 } from "../../support/signed-request";
import type { StackClients } from "../../support/stack-clients";
import { allBuckets, contentIn } from "./specimens";

/** What S3 said: "denied", or what else it was. MinIO answers 400 to one thing, which it forbids to everybody. */
const verdict = ({ status, text }: S3Answer) =>
  status === 403 || text.includes("force-delete is forbidden") ? "denied" : `${status} ${text.slice(0, 200)}`;

/** Requests by the users of the object storage, and by nobody; counted. */
export class Attempts {
  count = 0;

  constructor(private readonly clients: StackClients) {}

  /** @param login a user, nobody, or another access and secret key */
  send(login: StorageUser | undefined | { username: string; password: string }, request: S3Request): Promise<S3Answer> {
    this.count += 1;
    const server = { ...this.clients.endpoint("minio"), ca: this.clients.ca };
    return sendS3(server, typeof login === "string" ? this.clients.credential(`minio.${login}`) : login, request);
  }

  /** All of these are to be denied. */
  async expectDenied(user: StorageUser | undefined, requests: Record<string, S3Request>): Promise<void> {
    const verdicts: Record<string, string> = {};
    for (const [name, request] of Object.entries(requests)) verdicts[name] = verdict(await this.send(user, request));
    expect(verdicts).toEqual(Object.fromEntries(Object.keys(requests).map((name) => [name, "denied"])));
  }
}

/** For names that are no names: refused, as a mistake or as forbidden, and nothing told of what is kept. */
export function expectRefused(answer: S3Answer): void {
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  for (const bucket of allBuckets) expect(answer.text).not.toContain(contentIn(bucket));
}
