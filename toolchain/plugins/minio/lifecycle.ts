/** One rule, as a program writes it. */
export interface Rule {
  id: string;
  /** After so many days (`30d`), at a date (`2030-01-31`), or `DeleteMarker` for delete markers that hide nothing. */
  expiration?: string;
  /** Old versions go after so many days. */
  noncurrentVersionExpirationDays?: number;
  /** Only objects whose names begin so. */
  filter?: string;
  /** Only objects with all these tags. */
  tags?: Record<string, string>;
}

/** One rule, as it is on the server. */
export interface ActualRule extends Rule {
  status: string;
}

/** S3's XML: what is empty is missing, and a list of one is no list. */
export interface S3Rule {
  ID: unknown;
  Status: string;
  Filter?: { Prefix?: unknown; And?: { Prefix?: unknown; Tag?: S3Tag | S3Tag[] }; Tag?: S3Tag } | "";
  Expiration?: { Days?: number; Date?: string; ExpiredObjectDeleteMarker?: boolean };
  NoncurrentVersionExpiration?: { NoncurrentDays?: number };
}

interface S3Tag {
  Key: unknown;
  Value: unknown;
}

export function toS3({ id, expiration, noncurrentVersionExpirationDays: days, filter = "", tags = {} }: Rule): S3Rule {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return {
    ID: id,
    Status: "Enabled",
    Filter: list.length > 0 ? { And: { Prefix: filter, Tag: list } } : { Prefix: filter },
    ...(expiration && { Expiration: expirationOf(expiration) }),
    ...(days && { NoncurrentVersionExpiration: { NoncurrentDays: days } }),
  };
}

function expirationOf(expiration: string): NonNullable<S3Rule["Expiration"]> {
  if (expiration === "DeleteMarker") return { ExpiredObjectDeleteMarker: true };
  if (expiration.endsWith("d")) return { Days: Number.parseInt(expiration, 10) };
  return { Date: `${expiration}T00:00:00Z` };
}

export function isExpiration(value: string): boolean {
  if (value === "DeleteMarker" || /^[1-9]\d*d$/.test(value)) return true;
  return /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
}

export function fromS3({ ID, Status, Filter, Expiration = {}, NoncurrentVersionExpiration }: S3Rule): ActualRule {
  const { Prefix, And, Tag } = Filter || {};
  const prefix = String(And?.Prefix ?? Prefix ?? "");
  const tags = [And?.Tag ?? Tag ?? []].flat().map(({ Key, Value }) => [String(Key), String(Value)]);
  const days = NoncurrentVersionExpiration?.NoncurrentDays ?? 0;
  const expiration = expirationFrom(Expiration);
  return {
    id: String(ID),
    status: Status,
    ...(expiration !== "" && { expiration }),
    ...(days > 0 && { noncurrentVersionExpirationDays: days }),
    ...(prefix !== "" && { filter: prefix }),
    ...(tags.length > 0 && { tags: Object.fromEntries(tags) as Record<string, string> }),
  };
}

function expirationFrom({ Days, Date: date, ExpiredObjectDeleteMarker }: NonNullable<S3Rule["Expiration"]>): string {
  if (ExpiredObjectDeleteMarker === true) return "DeleteMarker";
  if (Days) return `${Days}d`;
  return date ? date.slice(0, 10) : "";
}
