/** How a column of a person's row is kept, and why so. */
export interface Treatment {
  kept: "encrypted" | "digest" | "plain" | "masked";
  why: string;
}

/** Encrypted is what would hurt in a stolen dump, unless something has to find, compare or sort by it. */
export const treatments = {
  sealed: { kept: "encrypted", why: "It would hurt in a stolen dump, and nothing finds, compares or sorts by it" },
  digest: { kept: "digest", why: "It shows that something is right, and what that was cannot be told from it" },
  masked: { kept: "masked", why: "Personal data is replaced before it is written" },
  login: { kept: "plain", why: "Looked up at every login, and unique whatever its case" },
  age: { kept: "plain", why: "A constraint compares it with the day, so that no service can forget to" },
  origin: { kept: "plain", why: "Compared with others to notice attacks, and shown to the person" },
  place: { kept: "plain", why: "An index finds it by where it is" },
  likeness: { kept: "plain", why: "Compared by distance with others" },
  words: { kept: "plain", why: "The person's own words and works: the product edits, searches and shows them" },
  fact: { kept: "plain", why: "One of few values, or a number: chosen and counted by, and tells little by itself" },
  time: { kept: "plain", why: "Sorted, counted and purged by" },
  id: { kept: "plain", why: "Random, and tells nothing without the row that it leads to" },
} as const satisfies Record<string, Treatment>;

export type TreatmentName = keyof typeof treatments;

export interface PersonalTable {
  /** The columns of each treatment, but for `everywhere`. */
  columns: Partial<Record<TreatmentName, string>>;
  /** What erasing a person does to it, where that is more than its foreign key says. */
  erasure?: string;
}

/** Columns that are the same in every table. */
export const everywhere: Readonly<Record<string, TreatmentName>> = {
  ...{ id: "id", user_id: "id", asset_id: "id" },
  ...{ created_at: "time", updated_at: "time", deleted_at: "time" },
};

/** Every table with rows of people: one decision for each of its columns, or a test fails. */
export const personalData: Readonly<Record<string, PersonalTable>> = {
  "auth.audit_log": {
    columns: {
      masked: "before after",
      origin: "client_ip device",
      fact: "actor_role action table_name changed reason",
      time: "occurred_at transaction_id",
      id: "actor_id row_key request_id",
    },
    erasure: "the row stays, for the log is sealed; `client_ip` and `device` go",
  },
  "auth.external_identities": { columns: { login: "issuer subject" } },
  "auth.legal_acceptance": { columns: { origin: "client_ip", fact: "document version", time: "accepted_at" } },
  "auth.login_attempts": {
    columns: { digest: "email_sha256", origin: "client_ip device", fact: "succeeded", time: "attempted_at" },
    erasure: "the row goes, and so do those of the address from before there was an account",
  },
  "auth.password_resets": { columns: { digest: "token_sha256", time: "expires_at used_at" } },
  "auth.refresh_tokens": {
    columns: { digest: "token_sha256", time: "expires_at used_at revoked_at", id: "family_id" },
  },
  "auth.sessions": { columns: { origin: "client_ip device", time: "last_seen_at expires_at ended_at" } },
  "auth.users": {
    columns: {
      digest: "password_hash",
      login: "email",
      age: "birth_date",
      fact: "role",
      time: "email_verified_at locked_until",
    },
    erasure: "the row goes",
  },
  "content.assets": {
    columns: {
      digest: "sha256 upload_sha256",
      words: "title",
      fact: "media_type size_bytes status refusal width height duration_seconds",
      id: "owner_id object_key idempotency_key",
    },
    erasure: "the row goes, and a worker deletes the file",
  },
  "content.content_items": {
    columns: { words: "title body metadata search", fact: "status", time: "published_at", id: "author_id" },
    erasure: "what is published stays, without its author; all else goes",
  },
  "events.context_events": { columns: { words: "context", fact: "kind", time: "occurred_at" } },
  "events.event_log": { columns: { fact: "name properties", time: "occurred_at", id: "request_id" } },
  "events.insight_sessions": {
    columns: { words: "inputs recommendations", fact: "rules_version helpful", id: "objective_profile_id" },
  },
  "events.objective_profiles": { columns: { words: "name objectives", fact: "is_active" } },
  "game_calls.recordings": { columns: { likeness: "features", fact: "duration_seconds score", id: "call_id" } },
  "gear_marksmanship.gear_items": { columns: { words: "name details", fact: "kind" } },
  "gear_marksmanship.shooting_sessions": {
    columns: { words: "notes", fact: "distance_m shots group_size_mm", time: "shot_at", id: "gear_item_id" },
  },
  "hunt_strategy.plans": {
    columns: { place: "area", words: "name notes", fact: "species status", time: "starts_on ends_on" },
  },
  "ml_infrastructure.model_registry": {
    columns: { digest: "sha256", fact: "name version framework status card canary_percent", id: "object_key registered_by" },
  },
  "ml_infrastructure.predictions": {
    columns: {
      likeness: "embedding",
      words: "input output",
      fact: "confidence error duration_ms cached",
      id: "model_id",
    },
  },
  "ml_infrastructure.processing_jobs": {
    columns: { words: "result", fact: "kind status attempts error", time: "started_at finished_at" },
  },
  "progress.user_badges": { columns: { time: "awarded_at", id: "badge_id" } },
  "progress.user_progress": { columns: { fact: "best_score", time: "started_at completed_at", id: "lesson_id" } },
  "stealth_scouting.cameras": { columns: { place: "location", words: "name" } },
  "stealth_scouting.sightings": {
    columns: { place: "location", fact: "species animals", time: "seen_at", id: "camera_id" },
  },
  "tracking_recovery.recovery_events": {
    columns: { place: "location", words: "notes", fact: "kind", time: "occurred_at", id: "track_id" },
  },
  "tracking_recovery.tracks": {
    columns: { place: "path", words: "notes", fact: "species", time: "started_at ended_at" },
  },
  "users.preferences": { columns: { fact: "units language notifications" } },
  "users.profiles": {
    columns: {
      sealed: "home_sealed phone_sealed licence_number_sealed",
      words: "display_name",
      fact: "experience",
      id: "avatar_asset_id",
    },
  },
};

/** What is decided for each column of a table; by mistake a column may be there twice. */
export const decisionsOf = ({ columns }: PersonalTable): [column: string, treatment: TreatmentName][] =>
  Object.entries(columns).flatMap(([treatment, names]) =>
    names.split(" ").map((name) => [name, treatment as TreatmentName] as [string, TreatmentName]),
  );
