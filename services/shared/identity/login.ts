import { Type, type Static } from "typebox";

export const Email = Type.String({ format: "email", maxLength: 254 });

/** What somebody logs in with, at whichever service. */
export const Credentials = Type.Object(
  { email: Email, password: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
);

/** What a login gives. */
export const Tokens = Type.Object(
  {
    access_token: Type.String({ description: "JWT for `authorization: Bearer`" }),
    refresh_token: Type.String({ description: "Exchanged once for new tokens, at the content service's /auth/refresh" }),
    token_type: Type.Literal("bearer"),
    expires_in: Type.Integer({ description: "Seconds until the access token ends" }),
  },
  { $id: "Tokens" },
);
export type Tokens = Static<typeof Tokens>;
