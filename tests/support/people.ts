import { randomUUID } from "node:crypto";
import type { Client } from "pg";
import type { IdentitySigner } from "./identity";
import type { StackClients } from "./stack-clients";

/** Two people with a row each in every table that has rows of people; others in every test file. */
export const [alice, bob] = [randomUUID(), randomUUID()];
export const people: readonly string[] = [alice, bob];

const [topic, lesson, badge, call] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const [model, breach] = [randomUUID(), randomUUID()];

/** What belongs to nobody, in an order in which it can be made: the id of a row each, and what makes it. */
export const rowsOfAll: Record<string, readonly [id: string, row: string]> = {
  "content.topics": [topic, `(id, slug, name) VALUES ($1, '${topic}', '${topic}')`],
  "progress.lessons": [lesson, `(id, topic_id, place, title) VALUES ($1, '${topic}', 1, 'x')`],
  "progress.badges": [
    badge,
    `(id, slug, name, description, criteria) VALUES ($1, '${badge}', '${badge}', 'x', '{}')`,
  ],
  "game_calls.calls": [call, `(id, species, name) VALUES ($1, 'elk', '${call}')`],
  "ml_infrastructure.model_registry": [
    model,
    `(id, name, version, framework, object_key, sha256) VALUES ($1, '${model}', '1.0.0', 'onnx', '${model}', sha256('x'))`,
  ],
  "auth.breach_log": [
    breach,
    "(id, discovered_at, summary, affected_users, data_categories) VALUES ($1, now(), 'x', 0, '{}')",
  ],
};

/**
 * What makes a row of person $1, in an order in which they can be made. What nobody else may know says whose it is, so
 * that it is found wherever it gets to: "phone of <id>".
 */
export const rowsOfPeople: Record<string, string> = {
  "auth.users": `(id, email, password_hash, birth_date)
    VALUES ($1, $1::uuid || '@example.com', 'hash of ' || $1::uuid, '1980-01-01')`,
  "auth.refresh_tokens": `(user_id, family_id, token_sha256, expires_at)
    VALUES ($1, gen_random_uuid(), sha256(uuid_send(gen_random_uuid())), now() + interval '1 day')`,
  "auth.external_identities": "(issuer, subject, user_id) VALUES ('https://issuer.invalid', $1::uuid, $1)",
  "auth.sessions": "(user_id, device, expires_at) VALUES ($1, 'device of ' || $1::uuid, now() + interval '1 day')",
  "auth.legal_acceptance": "(user_id, document, version, client_ip) VALUES ($1, 'terms', '1', '192.0.2.7')",
  "auth.password_resets": `(user_id, token_sha256, expires_at)
    VALUES ($1, sha256(uuid_send(gen_random_uuid())), now() + interval '1 day')`,
  "auth.login_attempts": `(user_id, email_sha256, succeeded)
    VALUES ($1, sha256(convert_to($1::uuid || '@example.com', 'UTF8')), true)`,
  "content.assets": `(owner_id, object_key, media_type, size_bytes, sha256, title)
    VALUES ($1, 'media/' || gen_random_uuid(), 'image/jpeg', 1, sha256('x'), 'title of ' || $1::uuid)`,
  "users.profiles": `(user_id, display_name, home_sealed, avatar_asset_id, phone_sealed, licence_number_sealed)
    VALUES ($1, 'name of ' || $1::uuid, platform.seal_personal('home of ' || $1::uuid),
            (SELECT id FROM content.assets WHERE owner_id = $1),
            platform.seal_personal('phone of ' || $1::uuid), platform.seal_personal('licence of ' || $1::uuid))`,
  "content.renditions": `(asset_id, kind, object_key, media_type, size_bytes, width, height)
    VALUES ((SELECT id FROM content.assets WHERE owner_id = $1), 'thumbnail', md5($1::uuid || ' thumbnail'), 'image/webp',
            1, 1, 1)`,
  "users.preferences": "(user_id) VALUES ($1)",
  "content.content_items": `(id, author_id, asset_id, title, body, metadata)
    VALUES (md5($1::uuid || ' draft')::uuid, $1, (SELECT id FROM content.assets WHERE owner_id = $1),
            'title of ' || $1::uuid, 'body of ' || $1::uuid, jsonb_build_object('note', 'note of ' || $1::uuid))`,
  "content.content_topics": `(content_item_id, topic_id) VALUES (md5($1::uuid || ' draft')::uuid, '${topic}')`,
  "progress.user_progress": `(user_id, lesson_id) VALUES ($1, '${lesson}')`,
  "progress.user_badges": `(user_id, badge_id) VALUES ($1, '${badge}')`,
  "ml_infrastructure.processing_jobs": `(user_id, asset_id, kind)
    VALUES ($1, (SELECT id FROM content.assets WHERE owner_id = $1), 'thumbnail')`,
  "ml_infrastructure.predictions": `(user_id, model_id, input, output, duration_ms)
    VALUES ($1, '${model}', '{}', '{}', 1)`,
  "events.event_log": "(user_id, name) VALUES ($1, 'lesson.completed')",
  "events.context_events": "(user_id, kind, context) VALUES ($1, 'weather', '{}')",
  "events.objective_profiles": "(user_id, name, objectives) VALUES ($1, 'name of ' || $1::uuid, '{}')",
  "events.insight_sessions": `(user_id, objective_profile_id, rules_version, inputs, recommendations)
    VALUES ($1, (SELECT id FROM events.objective_profiles WHERE user_id = $1), '1', '{}', '[]')`,
  "game_calls.recordings": `(user_id, asset_id, call_id, duration_seconds)
    VALUES ($1, (SELECT id FROM content.assets WHERE owner_id = $1), '${call}', 3)`,
  "hunt_strategy.plans": `(user_id, name, area, notes)
    VALUES ($1, 'name of ' || $1::uuid, 'SRID=4326;POLYGON((0 0,1 0,1 1,0 0))', 'notes of ' || $1::uuid)`,
  "stealth_scouting.cameras": "(user_id, name, location) VALUES ($1, 'north', 'SRID=4326;POINT(1 1)')",
  "stealth_scouting.sightings": `(user_id, camera_id, species, location, seen_at)
    VALUES ($1, (SELECT id FROM stealth_scouting.cameras WHERE user_id = $1), 'elk', 'SRID=4326;POINT(1 1)', now())`,
  "tracking_recovery.tracks": `(user_id, path, started_at)
    VALUES ($1, 'SRID=4326;LINESTRING(1 1,2 2)', now())`,
  "tracking_recovery.recovery_events": `(user_id, track_id, kind, location, occurred_at)
    VALUES ($1, (SELECT id FROM tracking_recovery.tracks WHERE user_id = $1), 'shot', 'SRID=4326;POINT(1 1)', now())`,
  "gear_marksmanship.gear_items": "(user_id, kind, name) VALUES ($1, 'bow', 'name of ' || $1::uuid)",
  "gear_marksmanship.shooting_sessions": `(user_id, gear_item_id, shot_at, distance_m, shots)
    VALUES ($1, (SELECT id FROM gear_marksmanship.gear_items WHERE user_id = $1), now(), 100, 3)`,
};

/** Tables under row-level security of which somebody sees rows; parents before children. */
export const tables = [...Object.keys(rowsOfAll), ...Object.keys(rowsOfPeople), "auth.audit_log"].filter(
  (table) => table !== "ml_infrastructure.model_registry",
);

/** The column that says whose a row is. */
const owners: Record<string, string> = {
  "auth.users": "id",
  "auth.audit_log": "actor_id",
  "content.assets": "owner_id",
  "content.content_items": "author_id",
  "content.content_topics": "content_item_id",
  "content.renditions": "object_key",
};

/** What is in that column, where it is not the person's id. */
const values: Record<string, (person: string) => string> = {
  "content.content_topics": (person) => `md5(${person} || ' draft')::uuid`,
  "content.renditions": (person) => `md5(${person} || ' thumbnail')`,
};

/**
 * Which rows of a table are a person's; in tables for all, the row that is there for everybody.
 *
 * @param person in SQL, of type uuid
 */
export function ownership(table: string, person: string): { column: string; value: string } {
  const common = rowsOfAll[table];
  if (common) return { column: "id", value: `'${common[0]}'::uuid` };
  return { column: owners[table] ?? "user_id", value: values[table]?.(person) ?? person };
}

/** Condition of a person's rows of a table. */
export function isOf(table: string, person: string): string {
  const { column, value } = ownership(table, person);
  return `${column} = ${value}`;
}

/** Makes both, and all their rows; each as if they had asked for it, so that the audit log has rows of theirs too. */
export const makePeople = (clients: StackClients, signer: IdentitySigner): Promise<void> =>
  clients.asRole("hma_admin", async (client) => {
    const make = (table: string, row: string, id: string) => client.query(`INSERT INTO ${table} ${row}`, [id]);
    for (const [table, [id, row]] of Object.entries(rowsOfAll)) await make(table, row, id);
    for (const person of people) {
      await client.query("SELECT set_config('hma.identity', $1, false)", [signer.sign({ user: person })]);
      for (const [table, row] of Object.entries(rowsOfPeople)) await make(table, row, person);
    }
  });

/** Removes all of that but from the audit log. */
export const dropPeople = (clients: StackClients): Promise<void> =>
  clients.asRole("hma_admin", async (client) => {
    await client.query("DELETE FROM content.content_items WHERE author_id = ANY ($1)", [people]);
    const { rows } = await client.query<{ object_key: string }>(
      "DELETE FROM content.assets WHERE owner_id = ANY ($1) RETURNING object_key",
      [people],
    );
    const thumbnails = "SELECT md5(person || ' thumbnail') FROM unnest($2::uuid[]) AS person";
    const keys = rows.map(({ object_key }) => object_key);
    const remembered = `DELETE FROM content.removed_objects WHERE object_key = ANY ($1) OR object_key IN (${thumbnails})`;
    await client.query(remembered, [keys, people]);
    await client.query("DELETE FROM auth.users WHERE id = ANY ($1)", [people]);
    for (const [table, [id]] of Object.entries(rowsOfAll).reverse()) {
      await client.query(`DELETE FROM ${table} WHERE id = $1`, [id]);
    }
  });

/** Whose rows a session of the application sees, by table. */
export async function seen(client: Client): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const table of tables) {
    const { rows } = await client.query<{ person: string }>(
      `SELECT person FROM unnest($1::uuid[]) AS person
        WHERE EXISTS (SELECT FROM ${table} WHERE ${isOf(table, "person")}) ORDER BY array_position($1, person)`,
      [people],
    );
    found[table] = rows.map(({ person }) => person);
  }
  return found;
}

/** What `seen` tells of somebody who sees these people's rows in all tables. */
export const everywhere = (owners: readonly string[]) => Object.fromEntries(tables.map((table) => [table, owners]));
