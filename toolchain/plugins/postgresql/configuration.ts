import { existsSync, readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import type { Property, Values } from "../../../provider/frame/types";

const sslModes = ["disable", "require", "verify-ca", "verify-full"] as const;

export interface Settings {
  host: string;
  port: number;
  database: string;
  username: string;
  password?: string;
  sslmode: (typeof sslModes)[number];
  /** Path of a PEM file. Read at each connection: it may come into being during the very run that uses it. */
  sslrootcert?: string;
  /** Whether `username` may read what only superusers can, i.e. password verifiers. */
  superuser: boolean;
  /** How long to wait for a server that is not there yet, in seconds; 0 waits for ever. */
  connectTimeout: number;
}

export const configuration: Record<string, Property> = {
  host: { type: "string", required: true },
  port: { type: "number", default: 5432 },
  database: { type: "string", default: "postgres" },
  username: { type: "string", default: "postgres" },
  password: { type: "string", secret: true },
  sslmode: { type: "string", default: "require" },
  sslrootcert: { type: "string" },
  superuser: { type: "boolean", default: true },
  connectTimeout: { type: "number", default: 180 },
  /** Taken for the official provider's sake: this one never uses more than one. */
  maxConnections: { type: "number", default: 20 },
  /** Taken for the official provider's sake: this one asks the server wherever its version matters. */
  expectedVersion: { type: "string" },
};

export function settingsOf(config: Values): Settings {
  const settings = config as unknown as Settings;
  if (!sslModes.includes(settings.sslmode)) {
    throw new Error(`postgresql provider: sslmode is "${settings.sslmode}", must be one of ${sslModes.join(", ")}`);
  }
  return settings;
}

/** TLS as libpq understands `sslmode`: a root certificate makes even "require" verify the chain. */
export function tlsOf({ sslmode, sslrootcert }: Settings): false | ConnectionOptions {
  if (sslmode === "disable") return false;
  if (sslmode === "require" && sslrootcert === undefined) return { rejectUnauthorized: false };
  return {
    ...(sslrootcert !== undefined && { ca: readCertificate(sslrootcert) }),
    ...(sslmode !== "verify-full" && { checkServerIdentity: () => undefined }),
  };
}

function readCertificate(path: string): string {
  if (!existsSync(path)) throw new Error(`sslrootcert of the postgresql provider: there is no file ${path}`);
  return readFileSync(path, "utf8");
}
