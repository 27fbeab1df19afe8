/**
 * A health command: exits 0 when the page is served. It is curl, for an interpreter started every few seconds in every
 * container would cost a core's tenth.
 */
export const httpHealth = (port: number, path: string): string[] => ["curl", "-fsS", `http://127.0.0.1:${port}${path}`];
