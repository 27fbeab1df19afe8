import type { ServiceConfig, SettingsReader } from "../shared/config";
import type { MailSettings } from "./auth/smtp";
import type { OidcSettings } from "./oidc/issuer";
import { readSources, type Source } from "../shared/webhooks/sources";

/** What the content service has of settings besides those of all. */
export interface BridgeSettings {
  /** Private keys of access tokens, PEM, one after the other: the first signs, all are published. */
  tokenKeys: string;
  /** Whether there are insights. */
  insights: boolean;
  /** Where people may log in elsewhere; absent: nowhere. */
  oidc?: OidcSettings;
  /** How mail is sent; absent: not at all. */
  mail?: MailSettings;
  /** Bucket in which uploads wait for the worker. */
  uploadsBucket: string;
  /** Who may tell of events at `/webhooks/<name>`. */
  sources: Source[];
}

export type BridgeConfig = ServiceConfig & BridgeSettings;

export const readBridgeConfig = (read: SettingsReader): BridgeSettings => ({
  tokenKeys: read.secret("token-keys"),
  insights: read.flag("INSIGHTS"),
  ...(read.has("OIDC_ISSUER") && {
    oidc: { issuer: read.url("OIDC_ISSUER", "https:", "http:"), clientId: read.text("OIDC_CLIENT_ID") },
  }),
  ...(read.has("MAIL_SERVER") && {
    mail: {
      server: read.url("MAIL_SERVER", "smtps:", "smtp:"),
      from: read.text("MAIL_FROM"),
      ...(read.has("MAIL_USER") && { login: { user: read.text("MAIL_USER"), password: read.secret("mail-password") } }),
    },
  }),
  uploadsBucket: read.text("MINIO_UPLOADS_BUCKET"),
  sources: readSources(read),
});
