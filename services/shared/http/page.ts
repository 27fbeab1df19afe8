import { Type, type TSchema } from "typebox";

const uuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const ids = { uuid, bigint: "[1-9]\\d{0,17}" } as const;

/** Query parameters of a list: rows after a cursor, so many at most. */
export const pageQuery = (idType: keyof typeof ids = "uuid") => ({
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  cursor: Type.Optional(Type.String({ pattern: `^\\d{1,16}~${ids[idType]}$`, description: "next_cursor of the page before" })),
});

/** A page of a list; without next_cursor it is the last. */
export const Page = <Item extends TSchema>(item: Item) =>
  Type.Object({ items: Type.Array(item), next_cursor: Type.Optional(Type.String()) });

/** Where a page ends: the sort key of its last row, a time in microseconds since 1970, and the id. */
export interface Position {
  at: string;
  id: string;
}

/** SQL of a column's time as a Position has it. */
export const microsecondsOf = (column: string) => `(extract(epoch FROM ${column}) * 1000000)::bigint`;

/** SQL of the time that a Position's `at` stands for, given as this parameter, such as `$1`. */
export const momentOf = (parameter: string) => `'epoch'::timestamptz + ${parameter} * interval '1 microsecond'`;

/** The rows that fit of one more than that, and where the next page begins. */
export function page<Row>(rows: Row[], limit: number, positionOf: (row: Row) => Position) {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, ...(last && { next_cursor: cursorAt(positionOf(last)) }) };
}

const cursorAt = ({ at, id }: Position) => `${at}~${id}`;

/** Reads a cursor that fits pageQuery; undefined for none. */
export function positionOf(cursor: string | undefined): Position | undefined {
  const [at, id] = cursor?.split("~") ?? [];
  return at === undefined || id === undefined ? undefined : { at, id };
}
