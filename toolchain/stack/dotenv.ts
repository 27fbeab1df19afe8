import type { CredentialName, EndpointName, StackOutputs } from "../../outputs";

/**
 * The `.env` of an application that runs on this host, beside the stack: the same names as our own services have, and
 * the passwords themselves.
 *
 * @param caFile path of the authority's certificate
 */
export function dotenv(outputs: StackOutputs, caFile: string): string {
  const endpoint = (name: EndpointName) => required(outputs.endpoints[name], `endpoint ${name}`);
  const credential = (name: CredentialName) => required(outputs.credentials[name], `credential ${name}`);
  const [postgres, redis, minio] = [endpoint("postgres"), endpoint("redis"), endpoint("minio")];
  const [app, cache, storage] = [
    credential("postgres.hma_app"),
    credential("redis.content_bridge"),
    credential("minio.content-bridge"),
  ];
  const variables = {
    DATABASE_HOST: postgres.host,
    DATABASE_PORT: postgres.port,
    DATABASE_NAME: outputs.database,
    DATABASE_USER: app.username,
    DATABASE_PASSWORD: app.password,
    REDIS_HOST: redis.host,
    REDIS_PORT: redis.port,
    REDIS_USERNAME: cache.username,
    REDIS_PASSWORD: cache.password,
    REDIS_CACHE_DB: outputs.redisDatabases.cache,
    REDIS_QUEUE_DB: outputs.redisDatabases.queues,
    MINIO_ENDPOINT: minio.url,
    MINIO_ACCESS_KEY: storage.username,
    MINIO_SECRET_KEY: storage.password,
    MINIO_BUCKET: "huntmaster-media",
    CONTENT_BRIDGE_URL: endpoint("contentBridge").url,
    ML_SERVER_URL: endpoint("mlServer").url,
    CA_FILE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
  };
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(String(value))}\n`)
    .join("");
}

/** In single quotes, which every dotenv reader takes literally; generated values contain none. */
function quoted(value: string): string {
  if (/^[\w./:@-]*$/.test(value)) return value;
  if (/['\n]/.test(value)) throw new Error("a value with a quote or a line break does not fit into a .env file");
  return `'${value}'`;
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the stack's outputs have no ${what}`);
  return value;
}
