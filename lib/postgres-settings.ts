export interface PostgresSize {
  /** What the container may use. */
  memoryMiB: number;
  maxConnections: number;
}

/**
 * The server's settings that follow from its size, as `name=value`. The usual shares: a quarter of the memory for
 * shared buffers, three quarters assumed cached, and work memory such that every connection sorting at once still fits.
 */
export function postgresSettings({ memoryMiB, maxConnections }: PostgresSize): string[] {
  const share = (part: number) => `${Math.floor(memoryMiB * part)}MB`;
  return [
    `max_connections=${maxConnections}`,
    `shared_buffers=${share(1 / 4)}`,
    `effective_cache_size=${share(3 / 4)}`,
    `maintenance_work_mem=${share(1 / 16)}`,
    `work_mem=${Math.max(1, Math.floor(memoryMiB / 4 / maxConnections))}MB`,
  ];
}
