import { Type, type Static } from "typebox";

export const Email = Type.String({ format: "email", maxLength: 254 });
/** Long ones are phrases; the most is for Argon2's sake. */
export const Password = Type.String({ minLength: 10, maxLength: 200 });
export const OpaqueToken = Type.String({ minLength: 1, maxLength: 200 });

export const Tokens = Type.Object(
  {
    access_token: Type.String({ description: "JWT for `authorization: Bearer`" }),
    refresh_token: Type.String({ description: "Exchanged once for new tokens, at /auth/refresh" }),
    token_type: Type.Literal("bearer"),
    expires_in: Type.Integer({ description: "Seconds until the access token ends" }),
  },
  { $id: "Tokens" },
);
export type Tokens = Static<typeof Tokens>;
