import { signatureSql } from "../identity";

/** A query of the product, as a service asks it. */
export interface CommonQuery {
  /** What somebody wants, and by which endpoint. */
  purpose: string;
  role: "hma_app" | "analytics_reader";
  /** Whose identity is signed, in a service's transaction. */
  asking: "person" | "administrator" | "nobody";
  sql: string;
  /** In SQL each, computed as hma_admin before the query is asked. */
  values: readonly string[];
}

/** Number of the one in tests/support/queries/many-rows.sql who asks. */
const person = "md5('person 4321')::uuid";
const login = `'person4321@example.com', 4102444800`;

/** The 12 that are asked most: what it takes to log in, to learn, and to keep the platform going. */
export const commonQueries: readonly CommonQuery[] = [
  {
    purpose: "find the account of an address (`POST /auth/login`)",
    role: "hma_app",
    asking: "nobody",
    sql: "SELECT * FROM platform.find_account($1, $2, $3)",
    values: [...login.split(", "), signatureSql(`format('login:%s:%s', ${login})`)],
  },
  {
    purpose: "look a refresh token up (`POST /auth/refresh`)",
    role: "hma_app",
    asking: "person",
    sql: `SELECT id, family_id, expires_at, used_at, revoked_at FROM auth.refresh_tokens WHERE token_sha256 = $1`,
    values: ["sha256('token 4321')"],
  },
  {
    purpose: "one's own profile (`GET /user/profile`)",
    role: "hma_app",
    asking: "person",
    sql: `SELECT u.email, p.display_name, p.experience, p.home_sealed, s.units, s.language
            FROM auth.users AS u
            JOIN users.profiles AS p ON p.user_id = u.id
            LEFT JOIN users.preferences AS s ON s.user_id = u.id
           WHERE u.id = $1`,
    values: [person],
  },
  {
    purpose: "a page of accounts from the newest (`GET /admin/users`)",
    role: "hma_app",
    asking: "administrator",
    sql: `SELECT id, email, role, created_at FROM auth.users
           WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT 50`,
    values: [`(SELECT created_at FROM auth.users WHERE id = ${person})`, person],
  },
  {
    purpose: "a page of what is published, from the newest (`GET /api/manifest`)",
    role: "hma_app",
    asking: "person",
    sql: `SELECT id, title, published_at FROM content.content_items
           WHERE status = 'published' AND deleted_at IS NULL AND published_at < $1 ORDER BY published_at DESC LIMIT 50`,
    values: ["now() - interval '5 days'"],
  },
  {
    purpose: "an item with its topics (`GET /content/{id}`)",
    role: "hma_app",
    asking: "person",
    sql: `SELECT i.title, i.body, i.metadata, array_agg(t.slug) AS topics
            FROM content.content_items AS i
            JOIN content.content_topics AS c ON c.content_item_id = i.id
            JOIN content.topics AS t ON t.id = c.topic_id
           WHERE i.id = $1 GROUP BY i.id`,
    values: ["md5('item 1234')::uuid"],
  },
  {
    purpose: "how far one is (`GET /user/progress`)",
    role: "hma_app",
    asking: "person",
    sql: `SELECT l.title, p.best_score, p.completed_at
            FROM progress.user_progress AS p
            JOIN progress.lessons AS l ON l.id = p.lesson_id
           WHERE p.user_id = $1 ORDER BY l.topic_id, l.place`,
    values: [person],
  },
  {
    purpose: "one's own events of 28 days, from the latest",
    role: "hma_app",
    asking: "person",
    sql: `SELECT occurred_at, name, properties FROM events.event_log
           WHERE user_id = $1 AND occurred_at >= now() - interval '28 days' ORDER BY occurred_at DESC LIMIT 100`,
    values: [person],
  },
  {
    purpose: "the next run that is due, which nobody else has (workers)",
    role: "hma_app",
    asking: "nobody",
    sql: `SELECT id, job_id, payload FROM events.job_runs
           WHERE status = 'queued' AND due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    values: [],
  },
  {
    purpose: "the version of a model that answers (`GET /models`)",
    role: "hma_app",
    asking: "nobody",
    sql: "SELECT id, version, object_key, sha256 FROM ml_infrastructure.model_registry WHERE name = $1 AND status = 'active'",
    values: ["'model-500'"],
  },
  {
    purpose: "calls that sound alike",
    role: "hma_app",
    asking: "person",
    sql: "SELECT id, name FROM game_calls.calls ORDER BY features OPERATOR(extensions.<=>) $1 LIMIT 10",
    values: ["(SELECT features FROM game_calls.calls WHERE name = 'Call 77')"],
  },
  {
    purpose: "a metric of 28 days (`GET /insights/daily`)",
    role: "analytics_reader",
    asking: "nobody",
    sql: `SELECT day, sum(value) AS value FROM analytics.daily_counts
           WHERE metric = $1 AND day >= current_date - 28 GROUP BY day ORDER BY day`,
    values: ["'events'"],
  },
];
