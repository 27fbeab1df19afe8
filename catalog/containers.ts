/** What is fixed about a container, whatever the stack. */
export interface ContainerSpec {
  /** Its name after the stack's prefix: others call it by this (`docker logs hma-content-bridge`). */
  suffix: string;
  /** User and group that it runs as; made in its Dockerfile, and owner of its secret files. */
  uid: number;
  /** Published ports by what they speak: the number inside the container, and on the host before the offset. */
  ports: Readonly<Record<string, number>>;
}

export const containers = {
  postgres: { suffix: "_postgres", uid: 10001, ports: { postgresql: 5432 } },
  redis: { suffix: "_redis", uid: 10002, ports: { rediss: 6379 } },
  minio: { suffix: "_minio", uid: 10003, ports: { s3: 9000, console: 9001 } },
  adminer: { suffix: "_adminer", uid: 10004, ports: { http: 8080 } },
  "redis-commander": { suffix: "_redis_commander", uid: 10005, ports: { http: 8081 } },
  "content-bridge": { suffix: "-content-bridge", uid: 10006, ports: { http: 8090 } },
  "ml-server": { suffix: "-ml-server", uid: 10007, ports: { http: 8010 } },
  worker: { suffix: "-worker", uid: 10008, ports: {} },
} as const satisfies Record<string, ContainerSpec>;

export type ContainerKind = keyof typeof containers;

/** The database that the services use. */
export const databaseName = "huntmaster";
