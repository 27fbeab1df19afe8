import { Type } from "typebox";

/** Long ones are phrases; the most is for Argon2's sake. */
export const Password = Type.String({ minLength: 10, maxLength: 200 });
/** On one line, without space around it. */
export const DisplayName = Type.String({
  minLength: 1,
  maxLength: 50,
  pattern: "^[^\\s\\u0000]([^\\n\\u0000]*[^\\s\\u0000])?$",
});
export const OpaqueToken = Type.String({ minLength: 1, maxLength: 200 });
