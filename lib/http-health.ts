/**
 * A health command: exits 0 when the page is served within 3 s. It is curl, for an interpreter started every few
 * seconds in every container would cost a core's tenth. It ends by itself: Docker leaves what it gives up on running.
 */
export const httpHealth = (url: string, ...options: string[]): string[] => [
  "curl",
  "-fsS",
  "--max-time",
  "3",
  ...options,
  url,
];
