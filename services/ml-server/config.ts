import type { ServiceConfig, SettingsReader } from "../shared/config";

/** What the model server has of settings besides those of all. */
export interface MlSettings {
  /** Where the services reach the issuer of access tokens. */
  issuerUrl: URL;
  inference: {
    /** Predictions at once; more are refused. */
    limit: number;
    /** Milliseconds between two looks at the registry of models. */
    registryEveryMs: number;
  };
}

export type MlConfig = ServiceConfig & MlSettings;

export const readMlConfig = (read: SettingsReader): MlSettings => ({
  issuerUrl: read.url("ISSUER_URL", "http:", "https:"),
  inference: { limit: 200, registryEveryMs: 5000 },
});
