import { describe, expect, it } from "vitest";
import { fingerprint, planRepair, type SchemaObject } from "../../../lib/migrations/objects";

const object = (kind: string, identity: string, more: Partial<SchemaObject> = {}): SchemaObject => ({
  kind,
  identity,
  part_of: null,
  definition: `${kind} ${identity}`,
  restore: `make ${kind} ${identity}`,
  remove: `drop ${kind} ${identity}`,
  ...more,
});
const stored = { restore: null, remove: null };
const table = object("table", "auth.users", stored);
const column = object("column", "auth.users.email", { ...stored, part_of: "auth.users" });
const notNull = object("not null", "auth.users.email", { part_of: "auth.users.email" });
const check = object("constraint", "auth.users.email", { part_of: "auth.users" });
const index = object("index", "auth.users_email_key", { part_of: "auth.users" });
const key = object("key", "auth.users.users_pkey", { part_of: "auth.users" });
const reference = object("foreign key", "auth.sessions.user", { part_of: "auth.sessions" });
const routine = object("function", "auth.touch()");
const trigger = object("trigger", "auth.users.touch", { part_of: "auth.users" });
const all = [table, column, notNull, check, index, key, reference, routine, trigger];

const without = (...gone: SchemaObject[]) => all.filter((one) => !gone.includes(one));
const changed = (one: SchemaObject, remove = one.remove) =>
  all.map((other) => (other === one ? { ...one, definition: "other", restore: "make other", remove } : other));
const sql = (recorded: SchemaObject[], live: SchemaObject[]) =>
  planRepair(recorded, live).statements.map((one) => one.sql);
const drift = (recorded: SchemaObject[], live: SchemaObject[]) =>
  planRepair(recorded, live).drift.map(({ path: [name], what }) => `${what}: ${name}`);

describe("planRepair", () => {
  it("has nothing to do where nothing differs", () => {
    expect(planRepair(all, [...all].reverse())).toEqual({ drift: [], statements: [], refusals: [] });
  });

  it.each([index, check, key, reference, routine, trigger, notNull])("names and makes a missing $kind", (one) => {
    expect(drift(all, without(one))).toEqual([`missing: ${one.kind} ${one.identity}`]);
    expect(sql(all, without(one))).toEqual([one.restore]);
  });

  it.each([index, check, key, reference, routine, trigger, notNull])("names and takes away an extra $kind", (one) => {
    expect(drift(without(one), all)).toEqual([`extra: ${one.kind} ${one.identity}`]);
    expect(sql(without(one), all)).toEqual([one.remove]);
  });

  it("takes a changed one away before it makes it, unless making it replaces it", () => {
    expect(sql(all, changed(index))).toEqual([index.remove, index.restore]);
    expect(sql(all, changed(routine))).toEqual([routine.restore]);
  });

  it("makes what others need first, and takes it away last", () => {
    const apart = [trigger, reference, index, key, routine];
    const made = [routine, key, reference, index, trigger];
    expect(sql(all, without(...apart))).toEqual(made.map(({ restore }) => restore));
    expect(sql(without(...apart), all)).toEqual([...made].reverse().map(({ remove }) => remove));
  });

  it.each([
    ["missing", all, without(column, notNull)],
    ["extra", without(column, notNull), all],
    ["changed", all, changed(column)],
  ])("refuses a column that is %s, by its name, and says nothing of its parts", (what, recorded, live) => {
    const { refusals, statements } = planRepair(recorded, live);
    expect(drift(recorded, live)).toEqual([`${what}: column auth.users.email`]);
    expect(refusals.map(({ where }) => where)).toEqual(["column auth.users.email"]);
    expect(statements).toEqual([]);
  });

  it("refuses a table that is gone once, and not each of its parts", () => {
    const live = all.filter(({ identity, part_of }) => identity !== "auth.users" && !part_of?.startsWith("auth.users"));
    expect(drift(all, live)).toEqual(["missing: table auth.users"]);
  });

  it("tells things of one name apart by their kind", () => {
    expect(drift(all, without(check))).toEqual(["missing: constraint auth.users.email"]);
  });
});

describe("fingerprint", () => {
  it("is the same in any order, and another when any one thing differs", () => {
    expect(fingerprint([...all].reverse())).toBe(fingerprint(all));
    const others = all.flatMap((one) => [fingerprint(without(one)), fingerprint(changed(one))]);
    expect(new Set([fingerprint(all), ...others]).size).toBe(1 + 2 * all.length);
  });
});
