import { createHash, createHmac } from "node:crypto";
import type { PersonRole } from "./person";

/** How long a signed identity may be used, in seconds: the longest transaction. */
const lifetime = 60;

/** Signs for the database who asks: decision 12. */
export class IdentitySigner {
  constructor(private readonly key: string) {}

  /** The value of setting hma.identity. */
  identity(id: string, role: PersonRole): string {
    const claim = `${id}:${role}:${expiry()}`;
    return `${claim}:${this.hmac(`identity:${claim}`)}`;
  }

  /** The arguments of platform.find_account after the address. */
  login(email: string): [expiresAt: number, signature: string] {
    const expiresAt = expiry();
    return [expiresAt, this.hmac(`login:${email}:${expiresAt}`)];
  }

  /** The arguments of platform.find_external_account after issuer and subject. */
  external(issuer: string, subject: string): [expiresAt: number, signature: string] {
    const expiresAt = expiry();
    return [expiresAt, this.hmac(`external:${issuer}:${subject}:${expiresAt}`)];
  }

  /** The arguments of platform.record_predictions after the rows. */
  predictions(rows: string): [expiresAt: number, signature: string] {
    const expiresAt = expiry();
    const digest = createHash("sha256").update(rows).digest("hex");
    return [expiresAt, this.hmac(`predictions:${digest}:${expiresAt}`)];
  }

  private hmac(message: string): string {
    return createHmac("sha256", this.key).update(message).digest("hex");
  }
}

const expiry = () => Math.floor(Date.now() / 1000) + lifetime;
