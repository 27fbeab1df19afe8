import { keyspace } from "../../services/shared/keyspace";
import { code, table } from "../../lib/markdown";

/** docs/redis-keys.md, from the only module that makes keys. */
export function renderRedisKeys(): string {
  const rows = Object.values(keyspace).map(({ prefix, purpose, ttlSeconds }) => [
    code(`${prefix}:...`),
    purpose,
    String(ttlSeconds),
  ]);
  return `# Keys in Redis

Written by \`make docs\` from \`services/shared/keyspace.ts\`, the only place where services make keys. Redis lets each
service touch only what begins with words of its own (docs/access.md). Parts after the prefix are percent-encoded, and
personal data goes in as a digest.

${table(["key", "what it is", "time to live in s"], rows)}

What Redis may lose without harm has a time to live and goes first when memory is full. Sessions and tokens are none of
it: they live in Postgres.

| while Redis is away | |
| --- | --- |
| log in, register, choose a new password | 503 with \`Retry-After\`: limits that do not hold are none |
| ask a model | works, and is not counted: a server answers so many at once at most |
| everything else | works; pages that were cached are made anew |
`;
}
