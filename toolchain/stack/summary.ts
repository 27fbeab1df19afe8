import type { StackOutputs } from "../../outputs";

/**
 * What `make up` prints at its end: where everything answers, how to get each credential, what to run next. It names
 * commands instead of values, so that it can go into a log.
 */
export function summary(stack: string, outputs: StackOutputs): string {
  const suffix = stack === "dev" ? "" : ` STACK=${stack}`;
  const endpoints = Object.values(outputs.endpoints).map(({ title, url }) => [title, url]);
  const { postgres, redis } = outputs.containers;
  const next = [
    [`make env${suffix}`, "write .env for applications"],
    [`eval "$(make -s shell${suffix})"`, `then plain \`pulumi up --stack ${stack}\` works`],
    ...(postgres ? [[`docker exec -it ${postgres} psql -U hma_admin -d ${outputs.database}`, "look into the database"]] : []),
    ...(redis ? [[`docker exec -it ${redis} redis-cli`, "look into the cache"]] : []),
    [`make down${suffix}`, "stop everything, keep the data"],
  ];
  return [
    "",
    `Stack ${stack} is up, with ${outputs.migrations.length} migrations applied.`,
    "",
    "Endpoints",
    ...table(endpoints),
    `  Certificates are signed by ${outputs.certificateAuthority.file}.`,
    "",
    `Credentials: make -s secret NAME=...${suffix}`,
    ...table(Object.entries(byServer(Object.keys(outputs.credentials)))),
    "",
    "Next",
    ...table(next),
    "",
  ].join("\n");
}

/** `minio.root` and `minio.backup` on one row. */
function byServer(names: string[]): Record<string, string> {
  const rows: Record<string, string> = {};
  for (const name of names) {
    const server = name.split(".")[0]!;
    rows[server] = [rows[server], name].filter(Boolean).join(" ");
  }
  return rows;
}

/** Rows of two columns, the first as wide as its widest cell, up to a limit. */
function table(rows: string[][]): string[] {
  const limit = 70;
  const width = Math.max(...rows.map(([first = ""]) => first.length).filter((length) => length <= limit));
  return rows.map(([first = "", second = ""]) => `  ${first.padEnd(width)}  ${second}`);
}
