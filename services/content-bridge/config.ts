import type { ServiceConfig, SettingsReader } from "../shared/config";
import type { OidcSettings } from "./oidc/issuer";

/** What the content service has of settings besides those of all. */
export interface BridgeSettings {
  /** Private keys of access tokens, PEM, one after the other: the first signs, all are published. */
  tokenKeys: string;
  /** Whether there are insights. */
  insights: boolean;
  /** Where people may log in elsewhere; absent: nowhere. */
  oidc?: OidcSettings;
}

export type BridgeConfig = ServiceConfig & BridgeSettings;

export const readBridgeConfig = (read: SettingsReader): BridgeSettings => ({
  tokenKeys: read.secret("token-keys"),
  insights: read.flag("INSIGHTS"),
  ...(read.has("OIDC_ISSUER") && {
    oidc: { issuer: read.url("OIDC_ISSUER", "https:", "http:"), clientId: read.text("OIDC_CLIENT_ID") },
  }),
});
