import type { SettingsReader } from "../config";

/** An outside source that tells of events: signed as https://www.standardwebhooks.com says. */
export interface Source {
  name: string;
  /** Of both sides, `whsec_...`. */
  secret: string;
  /** Where it can be asked what it has told; without one it is only listened to. */
  url?: URL;
}

/** Reads `WEBHOOK_SOURCES`, a list with commas; of each the secret, and its URL if `WEBHOOK_URL_<NAME>` is set. */
export function readSources(read: SettingsReader): Source[] {
  return read.list("WEBHOOK_SOURCES").map((name) => {
    const url = `WEBHOOK_URL_${name.toUpperCase()}`;
    return { name, secret: read.secret(`webhook-${name}`), ...(read.has(url) && { url: read.url(url, "https:") }) };
  });
}
