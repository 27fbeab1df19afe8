import type { ServiceConfig, SettingsReader } from "../shared/config";

/** What the content service has of settings besides those of all. */
export interface BridgeSettings {
  /** Private keys of access tokens, PEM, one after the other: the first signs, all are published. */
  tokenKeys: string;
  /** Whether there are insights. */
  insights: boolean;
}

export type BridgeConfig = ServiceConfig & BridgeSettings;

export const readBridgeConfig = (read: SettingsReader): BridgeSettings => ({
  tokenKeys: read.secret("token-keys"),
  insights: read.flag("INSIGHTS"),
});
