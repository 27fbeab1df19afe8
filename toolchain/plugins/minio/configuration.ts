import { existsSync, readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { rootCertificates } from "node:tls";
import type { Property, Values } from "../../../provider/frame/types";

export interface Settings {
  /** Host and port. */
  minioServer: string;
  minioUser: string;
  minioPassword: string;
  minioRegion: string;
  minioSsl: boolean;
  /** Path of a PEM file. Read at first use: it may come into being during the very run that uses it. */
  minioCacertFile?: string;
}

export const configuration: Record<string, Property> = {
  minioServer: { type: "string", required: true },
  minioUser: { type: "string", required: true },
  minioPassword: { type: "string", required: true, secret: true },
  minioRegion: { type: "string", default: "us-east-1" },
  minioSsl: { type: "boolean", default: false },
  minioCacertFile: { type: "string" },
  minioInsecure: { type: "boolean", default: false },
};

export function settingsOf(config: Values): Settings {
  if (config["minioInsecure"] === true) {
    throw new Error("minioInsecure is not served: name the server's authority in minioCacertFile instead");
  }
  return config as unknown as Settings;
}

export function urlOf({ minioServer, minioSsl }: Settings): URL {
  return new URL(`${minioSsl ? "https" : "http"}://${minioServer}`);
}

/** Connections that trust the usual authorities and the configured one. */
export function agentOf({ minioSsl, minioCacertFile }: Settings): HttpAgent {
  if (!minioSsl) return new HttpAgent({ keepAlive: true });
  if (minioCacertFile === undefined) return new HttpsAgent({ keepAlive: true });
  if (!existsSync(minioCacertFile)) {
    throw new Error(`minioCacertFile of the minio provider: there is no file ${minioCacertFile}`);
  }
  return new HttpsAgent({ keepAlive: true, ca: [...rootCertificates, readFileSync(minioCacertFile, "utf8")] });
}
