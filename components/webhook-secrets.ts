import * as pulumi from "@pulumi/pulumi";
import { webhookSourceNames, type WebhookSource } from "../catalog/webhook-sources";
import { password } from "./password";

/** What outside sources sign with, one secret each, in the form of https://www.standardwebhooks.com. */
export class WebhookSecrets extends pulumi.ComponentResource {
  readonly secrets: Readonly<Record<WebhookSource, pulumi.Output<string>>>;
  /** The settings and secret files of a container that checks or makes signatures. */
  readonly own: { environment: Record<string, string>; secretFiles: Record<string, pulumi.Output<string>> };

  constructor(name: string, options?: pulumi.ComponentResourceOptions) {
    super("hma:service:WebhookSecrets", name, {}, options);
    const secrets = webhookSourceNames.map((source) => {
      const plain = password(`webhook-${source}`, this);
      return [source, plain.apply((text) => `whsec_${Buffer.from(text).toString("base64")}`)] as const;
    });
    this.secrets = Object.fromEntries(secrets) as Record<WebhookSource, pulumi.Output<string>>;
    this.own = {
      environment: { WEBHOOK_SOURCES: webhookSourceNames.join(",") },
      secretFiles: Object.fromEntries(secrets.map(([source, secret]) => [`webhook-${source}`, secret])),
    };
    this.registerOutputs();
  }
}
