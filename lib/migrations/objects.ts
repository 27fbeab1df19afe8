import { createHash } from "node:crypto";
import type { Mistake } from "../errors";

/** A row of sql/queries/schema-objects.sql, which says what the fields mean. */
export interface SchemaObject {
  kind: string;
  identity: string;
  part_of: string | null;
  definition: string;
  restore: string | null;
  remove: string | null;
}

/** One object that is not as the migrations left it. */
export interface ObjectDrift {
  /** One element: its name, such as `index auth.users_email_key`. */
  path: [string];
  what: "missing" | "changed" | "extra";
}

export interface Repair {
  drift: ObjectDrift[];
  /** SQL in the order in which it has to run, each with the object that it is for. */
  statements: { name: string; sql: string }[];
  /** What would lose data, or cannot be put back: a person has to decide. */
  refusals: Mistake[];
}

/** What is made first; taken away in the opposite order. What is not listed is never made or taken away. */
const order = [
  "type",
  "function",
  "not null",
  "default",
  "key",
  "constraint",
  "foreign key",
  "index",
  "view",
  "materialized view",
  "rule",
  "trigger",
  "policy",
  "row security",
  "comment",
];

/** Their `restore` replaces what is there, and others may depend on it: a changed one is not taken away first. */
const replaceable = new Set(["function", "not null", "default", "row security", "comment"]);

export function nameOf({ kind, identity }: SchemaObject): string {
  return `${kind} ${identity}`;
}

/** One hash over all of them. */
export function fingerprint(objects: readonly SchemaObject[]): string {
  const lines = objects.map((object) => `${nameOf(object)}\n${sha256(object.definition)}\n`);
  return sha256(lines.sort().join(""));
}

/**
 * What it takes to get from the objects that are there to those that the migrations left.
 *
 * @param leave what is not looked at
 */
export function planRepair(
  recorded: readonly SchemaObject[],
  live: readonly SchemaObject[],
  leave: (one: SchemaObject) => boolean = () => false,
): Repair {
  const removed: SchemaObject[] = [];
  const restored: SchemaObject[] = [];
  const refusals: Mistake[] = [];
  const differing = differences(recorded, live).filter(({ was, is }) => !leave((is ?? was)!));
  for (const { name, what, was, is } of differing) {
    const replaced = was !== undefined && replaceable.has(was.kind);
    const removable = is === undefined || replaced || is.remove !== null;
    if (!removable || was?.restore === null) {
      refusals.push(refusal(name, what, was, is));
      continue;
    }
    if (is && !replaced) removed.push(is);
    if (was) restored.push(was);
  }
  const statements = [
    ...removed
      .sort(byRank)
      .reverse()
      .map((object) => ({ name: nameOf(object), sql: object.remove! })),
    ...restored.sort(byRank).map((object) => ({ name: nameOf(object), sql: object.restore! })),
  ];
  return { drift: differing.map(({ name, what }) => ({ path: [name], what })), statements, refusals };
}

/**
 * What is there as it was before it was made from its record, by name, and yet is not written as it was recorded.
 *
 * @param before what there was then
 */
export function respelled(
  recorded: readonly SchemaObject[],
  before: readonly SchemaObject[],
  live: readonly SchemaObject[],
): Map<string, SchemaObject> {
  const definitions = (objects: readonly SchemaObject[]) =>
    new Map(objects.map((object) => [nameOf(object), object.definition]));
  const [was, then] = [definitions(recorded), definitions(before)];
  const same = live.filter((object) => {
    const name = nameOf(object);
    return was.has(name) && was.get(name) !== object.definition && then.get(name) === object.definition;
  });
  return new Map(same.map((object) => [nameOf(object), object]));
}

interface Differing {
  name: string;
  what: ObjectDrift["what"];
  was?: SchemaObject | undefined;
  is?: SchemaObject | undefined;
}

/** Without the parts of tables and columns that are missing or extra as a whole. */
function differences(recorded: readonly SchemaObject[], live: readonly SchemaObject[]): Differing[] {
  const before = new Map(recorded.map((object) => [nameOf(object), object]));
  const now = new Map(live.map((object) => [nameOf(object), object]));
  const all = [...new Set([...before.keys(), ...now.keys()])].sort().flatMap((name): Differing[] => {
    const [was, is] = [before.get(name), now.get(name)];
    if (was?.definition === is?.definition) return [];
    return [{ name, was, is, what: !is ? "missing" : !was ? "extra" : "changed" }];
  });
  const whole = new Set(all.filter(({ what }) => what !== "changed").map(({ was, is }) => wholeOf((was ?? is)!)));
  return all.filter(({ what, was, is }) => what === "changed" || !whole.has((was ?? is)!.part_of ?? ""));
}

/** What others may be part of: a table or a column, by its identity. */
function wholeOf({ kind, identity }: SchemaObject): string | undefined {
  return ["table", "foreign table", "view", "materialized view", "column"].includes(kind) ? identity : undefined;
}

function refusal(name: string, what: ObjectDrift["what"], was?: SchemaObject, is?: SchemaObject): Mistake {
  const told = {
    missing: "was made by a migration and is gone, with the data that it held",
    extra: "was made by hand, and removing it could lose data",
    changed: `was changed by hand from (${was?.definition}) to (${is?.definition})`,
  };
  const mend = {
    missing: "restore it from a backup, or make it again by hand as the migration did",
    extra: "drop it by hand",
    changed: "change it back by hand",
  };
  const adopt = "or, to take the database as it is now: TRUNCATE migrations.objects";
  return { where: name, what: told[what], mend: `${mend[what]}; ${adopt}` };
}

const byRank = (a: SchemaObject, b: SchemaObject) => order.indexOf(a.kind) - order.indexOf(b.kind);

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
