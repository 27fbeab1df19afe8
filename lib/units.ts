/** Bytes in a mebibyte. */
const bytesPerMiB = 1024 * 1024;

/** A whole number of mebibytes as bytes. */
export const mebibytes = (count: number): number => count * bytesPerMiB;

/**
 * Seconds in the only spelling that Docker gives back, Go's own (`90` is `1m30s`): any other spelling of the same
 * time shows as a change at every preview.
 */
export function goDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
