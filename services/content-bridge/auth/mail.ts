import { Type } from "typebox";
import type { Server } from "../../shared/http/types";

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

export type SendMail = (mail: Mail) => Promise<void>;

/** How many are kept. */
const most = 100;

/** In dev and test: mail is kept here, for `GET /simulated-mail?to=...`. */
export function simulateMail(server: Server): SendMail {
  const kept: Mail[] = [];
  const MailItem = Type.Object({ to: Type.String(), subject: Type.String(), text: Type.String() });
  const schema = {
    tags: ["simulation"],
    summary: "Mail that would have been sent to an address, the latest first",
    querystring: Type.Object({ to: Type.String({ minLength: 3, maxLength: 254 }) }, { additionalProperties: false }),
    response: { 200: Type.Array(MailItem) },
  };
  server.get("/simulated-mail", { config: { access: "public" }, schema }, async ({ query }) =>
    kept.filter(({ to }) => to.toLowerCase() === query.to.toLowerCase()),
  );
  return async (mail) => {
    kept.unshift(mail);
    kept.length = Math.min(kept.length, most);
  };
}
