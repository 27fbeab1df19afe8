import type { Sized } from "./forecast";
import { strength, type LockMode } from "./lock-mode";

/** A row of sql/queries/relation-state.sql, which says what the fields mean. */
export interface Relation {
  oid: number;
  name: string;
  kind: string;
  file: number;
  bytes: number;
  table: number | null;
  scans: number;
}

/** A lock that a session holds on a relation. */
export interface Held {
  oid: number;
  mode: LockMode;
}

/** The strongest of them, by the relation's name. */
export type Locks = ReadonlyMap<string, LockMode>;

const isIndex = ({ kind }: Relation) => kind === "i" || kind === "I";

/** Or a view, which can be locked like one. */
const isTable = (relation: Relation) => !isIndex(relation) && relation.kind !== "S";

const byOid = (relations: readonly Relation[]) => new Map(relations.map((relation) => [relation.oid, relation]));

/**
 * What of these locks others may wait for: those on what was there when the file began, for what it made itself nobody
 * else knows. Of an index or a sequence only the one that nobody gets past, unless its table has that as well.
 */
export function strongest(start: readonly Relation[], held: readonly Held[]): Locks {
  const known = byOid(start);
  const closed = new Set(held.filter(({ mode }) => mode === "AccessExclusive").map(({ oid }) => oid));
  const found = new Map<string, LockMode>();
  for (const { oid, mode } of held) {
    const relation = known.get(oid);
    if (!relation || closed.has(relation.table!) || !(isTable(relation) || mode === "AccessExclusive")) continue;
    const other = found.get(relation.name);
    if (other === undefined || strength(mode) > strength(other)) found.set(relation.name, mode);
  }
  return found;
}

/** What is held more strongly than before, the strongest first. */
export function taken(before: Locks, now: Locks): { relation: string; mode: LockMode }[] {
  const rank = (relation: string) => (before.has(relation) ? strength(before.get(relation)!) : -1);
  return [...now]
    .filter(([relation, mode]) => strength(mode) > rank(relation))
    .map(([relation, mode]) => ({ relation, mode }))
    .sort((a, b) => strength(b.mode) - strength(a.mode));
}

/** What a statement did to what was there when its file began: tables by name, with all their partitions. */
export function effects(start: readonly Relation[], before: readonly Relation[], after: readonly Relation[]) {
  const [known, earlier] = [byOid(start), byOid(before)];
  const tables = after.filter((relation) => known.has(relation.oid) && isTable(relation));
  const isNew = ({ oid, file }: Relation) => file !== (earlier.get(oid)?.file ?? 0);
  const rewritten = tables.filter(isNew);
  const anew = new Set(rewritten.map(({ oid }) => oid));
  const built = after.filter((one) => isIndex(one) && isNew(one) && known.has(one.table!) && !anew.has(one.table!));
  const scanned = tables.filter(({ oid, scans }) => !anew.has(oid) && scans > (earlier.get(oid)?.scans ?? 0));
  const sizesBefore = scanned.map((relation) => earlier.get(relation.oid) ?? relation);
  return { rewrites: sized(rewritten), builds: sized(built), scans: sized(sizesBefore) };
}

function sized(relations: readonly Relation[]): Sized[] {
  const sums = new Map<string, number>();
  for (const { name, bytes } of relations) sums.set(name, (sums.get(name) ?? 0) + bytes);
  return [...sums].map(([name, bytes]) => ({ name, bytes }));
}
