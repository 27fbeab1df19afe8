import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { enqueue } from "../../../services/shared/jobs/enqueue";
import { containers } from "../../../catalog/containers";
import { docker, image } from "../../support/docker";
import { Buckets } from "../support/media";
import { newPerson } from "../support/people";
import { asSuperuser } from "../support/platform";
import { workerSettings } from "../support/worker-process";

/** Recordings need ffmpeg, which is in the worker's image: that runs here as it does in a stack. */
const { uid } = containers.worker;
const user = `${uid}:${uid}`;
const container = `hma-test-worker-${randomUUID()}`;
let tag: string;
let folder: string;
let buckets: Buckets;

beforeAll(async () => {
  tag = await image("worker", "services", "worker/Dockerfile");
  folder = await mkdtemp(join(tmpdir(), "hma-test-"));
  buckets = new Buckets();
  const { environment, secrets } = workerSettings();
  for (const name of ["secrets", "media"]) await mkdir(join(folder, name), { mode: 0o777 });
  for (const [name, content] of Object.entries(secrets)) await writeFile(join(folder, "secrets", name), content);
  await promisify(execFile)("chown", ["-R", user, folder]);
  const settings = { ...environment, PORT: "8021", SCRATCH: "/scratch" };
  await docker(
    ...["run", "--detach", "--name", container, "--label", `com.huntmaster.test=${container}`, "--network", "host"],
    ...["--user", user, "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true"],
    ...["--memory", "768m", "--tmpfs", "/tmp", "--tmpfs", `/scratch:uid=${uid}`, "--volume", `${folder}/secrets:/run/secrets:ro`],
    ...Object.entries(settings).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    tag,
  );
}, 10 * 60_000);

afterAll(async () => {
  await docker("rm", "--force", "--volumes", container);
  buckets?.close();
  await rm(folder, { recursive: true });
});

/** What ffmpeg makes, as a telephone would. */
async function record(name: string, ...options: string[]): Promise<Buffer> {
  const run = ["run", "--rm", "--network", "none", "--user", user, "--volume", `${folder}/media:/media`, "--entrypoint", "ffmpeg"];
  await docker(...run, tag, "-loglevel", "error", ...options, `/media/${name}`);
  return readFile(join(folder, "media", name));
}

/** Has it processed; the row that comes of it. */
async function processed(data: Buffer, mediaType: string) {
  const { id: owner } = await newPerson();
  const id = randomUUID();
  await buckets.client.putObject("huntmaster-uploads", id, data);
  return asSuperuser(async (client) => {
    await client.query(
      `INSERT INTO content.assets (id, owner_id, object_key, media_type, size_bytes, sha256, status)
       VALUES ($1, $2, 'assets/' || $1::uuid || '/media', $3, 1, sha256('x'), 'uploaded')`,
      [id, owner, mediaType],
    );
    await enqueue(client, { job: "process_recording", key: id, payload: { asset: id } });
    return vi.waitFor(
      async () => {
        const { rows } = await client.query<Record<string, unknown>>(
          `SELECT id, status, refusal, media_type, width::int, height::int, duration_seconds,
                  ARRAY(SELECT kind FROM content.renditions AS r WHERE r.asset_id = a.id ORDER BY 1) AS renditions
             FROM content.assets AS a WHERE id = $1 AND status IN ('ready', 'refused')`,
          [id],
        );
        expect(rows).toHaveLength(1);
        return rows[0]!;
      },
      { timeout: 50_000, interval: 250 },
    );
  });
}

const picture = ["-f", "lavfi", "-i", "testsrc=duration=3:size=1920x1080:rate=10"];
const tone = ["-f", "lavfi", "-i", "sine=duration=3"];
const place = ["-metadata", "location=+46.5000+007.2500/", "-metadata", "comment=canary-of-place"];

it("a film with a place becomes one without, that browsers play, with pictures", { timeout: 120_000 }, async () => {
  const film = await record("film.mov", ...picture, ...tone, ...place, "-shortest");
  expect(film.includes("canary-of-place")).toBe(true);
  const made = await processed(film, "video/quicktime");
  expect(made).toMatchObject({ status: "ready", media_type: "video/mp4", width: 1280, height: 720 });
  expect(made["duration_seconds"]).toBeCloseTo(3, 0);
  expect(made["renditions"]).toEqual(["preview", "thumbnail"]);
  const stream = await buckets.client.getObject("huntmaster-media", `assets/${made["id"] as string}/media`);
  const object = Buffer.concat((await stream.toArray()) as Buffer[]);
  expect([object.includes("canary-of-place"), object.includes("+46.5000")]).toEqual([false, false]);
  expect(await buckets.keys("huntmaster-uploads", made["id"] as string)).toEqual([]);
});

it("a sound becomes one without what was written beside it", { timeout: 120_000 }, async () => {
  const sound = await record("sound.mp3", ...tone, ...place);
  const made = await processed(sound, "audio/mpeg");
  expect(made).toMatchObject({ status: "ready", media_type: "audio/mp4", width: null, renditions: [] });
});

it.each<[string, string, () => Promise<Buffer>, RegExp]>([
  ["half a film", "video/mp4", async () => {
    const film = await record("half.mp4", ...picture, "-movflags", "+faststart");
    return film.subarray(0, film.length / 2);
  }, /^The recording (is cut off after|cannot be read)/],
  ["a film without its index", "video/mp4", async () => (await record("end.mp4", ...picture)).subarray(0, -2000), /^The recording cannot be read/],
  ["a list of files of the server", "video/mp4", async () =>
    Buffer.from("#EXTM3U\n#EXTINF:10.0,\nfile:///run/secrets/database-password\n#EXT-X-ENDLIST\n"), /^The recording cannot be read|neither/],
  ["noise", "video/webm", async () => Buffer.alloc(5000, 7), /^The recording cannot be read/],
])("%s is refused, with the reason and nothing left", { timeout: 120_000 }, async (_what, mediaType, make, reason) => {
  const made = await processed(await make(), mediaType);
  expect([made["status"], made["refusal"]]).toEqual(["refused", expect.stringMatching(reason)]);
  expect(String(made["refusal"])).not.toMatch(/\/scratch|password/);
  expect(await buckets.keys("huntmaster-media", `assets/${made["id"] as string}`)).toEqual([]);
  expect(await buckets.keys("huntmaster-uploads", made["id"] as string)).toEqual([]);
  expect(await docker("exec", container, "ls", "/scratch")).toBe("");
});
