import { expect, it } from "vitest";
import { statusOf } from "../../../services/content-bridge/jobs/health";

type Job = Parameters<typeof statusOf>[0][number];
type RunStatus = NonNullable<Job["latest_run"]>["status"];

const job = (status: RunStatus | undefined, overdue_seconds = 0, is_enabled = true): Job => ({
  ...{ job: "x", is_enabled, overdue_seconds, succeeded_seconds_ago: null },
  latest_run: status ? { status, attempts: 1, started_at: "", finished_at: null, duration_ms: null } : null,
});

it.each<[ReturnType<typeof statusOf>, string, Job[]]>([
  ["ok", "there are no jobs", []],
  ["ok", "nothing has run yet", [job(undefined)]],
  ["ok", "runs succeed or are under way", [job("succeeded"), job("running", 300)]],
  ["degraded", "one has failed for good", [job("succeeded"), job("failed")]],
  ["degraded", "one waits to be tried again", [job("queued"), job("succeeded")]],
  ["stalled", "one is due and nobody begins it", [job("failed"), job("succeeded", 301)]],
  ["ok", "what is wrong is not enabled", [job("failed", 301, false), job("succeeded")]],
])("is %s where %s", (status, _where, jobs) => expect(statusOf(jobs)).toBe(status));
