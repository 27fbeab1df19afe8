import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import type { Client } from "minio";

/** How an object store is reached: TLS, the server's certificate verified against `caFile`. */
export interface StoreConnection {
  /** Host and port. */
  endpoint: string;
  accessKey: string;
  secretKey: string;
  /** PEM file of the authority, relative to the working directory: a deployment's is the project. */
  caFile: string;
}

/** Runs `work` with a client of its own, whose connections end with it. */
export async function withStore<T>(connection: StoreConnection, work: (client: Client) => Promise<T>): Promise<T> {
  const { endpoint, accessKey, secretKey, caFile } = connection;
  const [endPoint, port] = endpoint.split(":") as [string, string];
  const transportAgent = new Agent({ ca: readFileSync(caFile, "utf8") });
  // Loaded when it is needed: most starts of the provider have nothing to store.
  const minio = await import("minio");
  try {
    // The region is named, or the client asks for it before its first request.
    const client = { endPoint, port: Number(port), accessKey, secretKey, region: "us-east-1", transportAgent };
    return await work(new minio.Client(client));
  } finally {
    transportAgent.destroy();
  }
}
