import { Type, type TSchema } from "typebox";
import { Problem } from "./problem";

/** Query parameters of a list: rows after a cursor, so many at most. */
export const pageQuery = {
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  cursor: Type.Optional(Type.String({ maxLength: 200, description: "next_cursor of the page before" })),
};

/** A page of a list; without next_cursor it is the last. */
export const Page = <Item extends TSchema>(item: Item) =>
  Type.Object({ items: Type.Array(item), next_cursor: Type.Optional(Type.String()) });

/** Where a page ends: the sort key of its last row, a time as Postgres writes it, and the id. */
export interface Position {
  at: string;
  id: string;
}

/** The rows that fit of one more than that, and where the next page begins. */
export function page<Row>(rows: Row[], limit: number, positionOf: (row: Row) => Position) {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, ...(last && { next_cursor: encode(positionOf(last)) }) };
}

const encode = ({ at, id }: Position) => Buffer.from(`${at} ${id}`).toString("base64url");

const shape = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[1-9]\d{0,17})$/;

/**
 * Reads a cursor; undefined for none.
 *
 * @throws Problem 400 for what is none of ours
 */
export function positionOf(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const [, at, id] = shape.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (at && id) return { at, id };
  const errors = [{ pointer: "/querystring/cursor", detail: "is not the next_cursor of a page" }];
  throw new Problem(400, "invalid-request", { detail: "The cursor is not the next_cursor of a page", errors });
}
