import { Type, type TSchemaOptions } from "typebox";

/** Text that Postgres can hold: any but the NUL character. */
export const Text = <Options extends TSchemaOptions & { minLength?: number; maxLength: number }>(options: Options) =>
  Type.String({ pattern: "^[^\\u0000]*$", ...options });

/** A moment that Postgres can hold: years from 1000 to 9999, zones of less than 15 hours. */
export const Moment = (options: TSchemaOptions = {}) =>
  Type.String({ format: "date-time", pattern: "^[1-9]\\d{3}-.+([Zz]|[+-](0\\d|1[0-4]):\\d\\d)$", ...options });

const text = { type: "string", pattern: "^[^\\u0000]*$" } as const;
const json = { $ref: "Json#" } as const;

/** JSON that Postgres can hold: every text in it, names too. */
export const Json = Type.Unsafe<unknown>({
  $id: "Json",
  description: "Any JSON without NUL characters",
  anyOf: [
    { type: "null" },
    { type: "boolean" },
    { type: "number" },
    text,
    { type: "array", items: json },
    { type: "object", propertyNames: text, additionalProperties: json },
  ],
});
