import { z } from "zod";

/**
 * Every config key of the project, in one table: what it is, its unit and range, its default. docs/configuration.md is
 * rendered from this, and `load` refuses whatever does not fit. A key without a default must be set by every stack.
 *
 * Pulumi hands every value over as text, so each key says how its text is read.
 */

const integer = (unit: string, from: number, to: number) =>
  z
    .string()
    .regex(/^-?\d+$/, `must be a whole number of ${unit} from ${from} to ${to}`)
    .transform(Number)
    .refine((n) => n >= from && n <= to, `must be from ${from} to ${to} ${unit}`)
    .meta({ kind: `integer, ${from} to ${to} ${unit}` });

const flag = () =>
  z
    .enum(["true", "false"], "must be true or false")
    .transform((text) => text === "true")
    .meta({ kind: "true or false" });

const choice = <const T extends [string, ...string[]]>(...options: T) =>
  z.enum(options, `must be one of ${options.join(", ")}`).meta({ kind: options.join(" | ") });

const publicUrl = () =>
  z
    .string()
    .regex(/^(https:\/\/[a-z0-9.-]+(:[1-9]\d{0,4})?)?$/, "must be https://HOST, with a port perhaps, or empty")
    .default("")
    .meta({ kind: "https://HOST:PORT, or empty: localhost and the stack's port" });

export const schema = {
  namePrefix: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens")
    .max(20, "must have at most 20 characters")
    .meta({ kind: "lower-case words joined by hyphens, at most 20 characters" })
    .describe("Begins the name of every container, volume and network of the stack"),
  portOffset: integer("ports", 0, 50_000).describe("Added to every published port, so that stacks share a host"),
  adminTools: flag().describe("Whether Adminer, Redis Commander and the MinIO console run"),
  protectData: flag().describe("Whether Pulumi refuses to delete the data volumes"),
  logLevel: choice("debug", "info", "warn").default("info").describe("Least severe messages that the services log"),
  logMaxSizeMiB: integer("MiB", 1, 1_000).default(10).describe("Size at which a container's log is rotated"),
  logMaxFiles: integer("files", 1, 100).default(3).describe("Log files kept for each container"),
  postgresMemoryMiB: integer("MiB", 512, 1_048_576)
    .default(1_024)
    .describe("Memory limit of Postgres; its buffers and caches are sized from it"),
  postgresMaxConnections: integer("connections", 20, 2_000).default(100).describe("Connections to Postgres at once"),
  redisMemoryMiB: integer("MiB", 64, 1_048_576).default(256).describe("Memory limit of Redis; three quarters hold data"),
  minioMemoryMiB: integer("MiB", 256, 1_048_576).default(768).describe("Memory limit of MinIO"),
  serviceMemoryMiB: integer("MiB", 96, 65_536).default(256).describe("Memory limit of each service"),
  tokenKeyGeneration: integer("generations", 1, 1_000_000)
    .default(1)
    .describe("Number of the key that signs access tokens; the next higher one rotates it, and nobody is logged out"),
  oidcIssuer: z
    .string()
    .regex(/^(https:\/\/\S+)?$/, "must be a URL that begins with https://")
    .default("")
    .meta({ kind: "URL, or empty" })
    .describe("Issuer of OpenID Connect where people may log in besides; empty: none"),
  oidcClientId: z
    .string()
    .regex(/^\S*$/, "must have no spaces")
    .default("")
    .meta({ kind: "text, or empty" })
    .describe("What that issuer calls the content service: a public client with PKCE"),
  mailServer: z
    .string()
    .regex(/^(smtps?:\/\/[a-z0-9.-]+(:[1-9]\d{0,4})?)?$/, "must be smtps://HOST:PORT, smtp://HOST:PORT or empty")
    .default("")
    .meta({ kind: "smtps://HOST:PORT (TLS), smtp://HOST:PORT (STARTTLS), or empty" })
    .describe("Server that takes mail to people, by TLS alone; empty: mail is kept to look at, and with protectData refused"),
  mailFrom: z
    .string()
    .regex(/^([^@\s]+@[^@\s]+)?$/, "must be an address, or empty")
    .default("")
    .meta({ kind: "address, or empty" })
    .describe("Address that mail to people is from"),
  mailUser: z
    .string()
    .regex(/^\S*$/, "must have no spaces")
    .default("")
    .meta({ kind: "text, or empty" })
    .describe("Login at that server; empty: it asks for none"),
  mailPassword: z
    .string()
    .regex(/^(\S(.*\S)?)?$/, "must be one line without space around it")
    .default("")
    .meta({ kind: "text, or empty; a secret", secret: true })
    .describe("Password of mailUser"),
  publicApiUrl: publicUrl().describe("Where people reach the content service, which issues access tokens by this name"),
  publicStorageUrl: publicUrl().describe("Where people reach the object storage, which links to files lead to"),
  insights: flag().default(true).describe("Whether the content service gives insights"),
  workerMemoryMiB: integer("MiB", 384, 65_536)
    .default(768)
    .describe("Memory limit of the worker, which decodes images and transcodes video"),
  trailCamerasUrl: z
    .string()
    .regex(/^(https:\/\/\S+)?$/, "must be empty or a URL that begins with https://")
    .default("")
    .meta({ kind: "URL that begins with https://, or empty" })
    .describe("Where the service of trail cameras is asked for what its webhooks did not tell; empty: nowhere"),
  tracesEndpoint: z
    .string()
    .regex(/^(https?:\/\/[a-z0-9.-]+(:[1-9]\d{0,4})?(\/[^\s?#]*)?)?$/, "must be https://HOST, with a port and a path perhaps, http:// the same, or empty")
    .default("")
    .meta({ kind: "https://HOST:PORT/PATH, http:// the same, or empty" })
    .describe("Collector that takes traces of the services, by OTLP/HTTP; empty: none; http:// is refused with protectData"),
  tracesSamplePercent: integer("percent", 1, 100).default(10).describe("Share of requests and jobs that are traced"),
  sentryDsn: z
    .string()
    .regex(/^(https:\/\/\w+@[\w.-]+(:[1-9]\d{0,4})?\/(\S+\/)?\d+)?$/, "must be https://KEY@HOST/PROJECT, or empty")
    .default("")
    .meta({ kind: "https://KEY@HOST/PROJECT, or empty; a secret", secret: true })
    .describe("DSN of the project at Sentry that errors of the services are reported to; empty: none"),
  adminToolMemoryMiB: integer("MiB", 64, 4_096).default(160).describe("Memory limit of each admin tool"),
  noncurrentVersionDays: integer("days", 1, 3_650)
    .default(1)
    .describe("Days that replaced and deleted object versions are kept in versioned buckets"),
  certificateValidityHours: integer("hours", 48, 87_600)
    .default(8_760)
    .describe("How long a server's certificate is valid"),
  certificateRenewalHours: integer("hours", 1, 8_760)
    .default(720)
    .describe("How long before its end a certificate is renewed by the next `pulumi up`"),
} as const;

export type Key = keyof typeof schema;

/** A stack's configuration, complete and checked. Units are in the names. */
export type Config = { readonly [K in Key]: z.output<(typeof schema)[K]> };
