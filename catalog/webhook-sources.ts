export interface WebhookSourceSpec {
  purpose: string;
}

/** Who may tell of events at `/webhooks/<name>`; a secret to sign with is generated for each. */
export const webhookSources = {
  trail_cameras: { purpose: "The service of cameras in the field: what they have seen" },
} as const satisfies Record<string, WebhookSourceSpec>;

export type WebhookSource = keyof typeof webhookSources;

export const webhookSourceNames = Object.keys(webhookSources) as WebhookSource[];
