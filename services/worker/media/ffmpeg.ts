import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What ffmpeg found to be wrong with a file. */
export class BadRecording extends Error {}

export interface Probe {
  durationSeconds: number;
  video?: { width: number; height: number };
  hasSound: boolean;
}

/** Whether both commands are there. */
export async function hasFfmpeg(): Promise<boolean> {
  try {
    await Promise.all([run("ffmpeg", ["-version"]), run("ffprobe", ["-version"])]);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** What is in a file. Covers of music are no video. */
export async function probe(file: string, signal: AbortSignal): Promise<Probe> {
  const { stdout } = await command("ffprobe", ["-of", "json", "-show_format", "-show_streams", ...input(file)], signal);
  const { format, streams } = JSON.parse(stdout) as Report;
  const video = streams.find(({ codec_type, disposition }) => codec_type === "video" && !disposition?.attached_pic);
  return {
    durationSeconds: Number(format.duration ?? NaN),
    ...(video && { video: { width: video.width!, height: video.height! } }),
    hasSound: streams.some(({ codec_type }) => codec_type === "audio"),
  };
}

/** @param output options and the file, as ffmpeg takes them */
export async function transcode(file: string, output: readonly string[], signal: AbortSignal): Promise<void> {
  await command("ffmpeg", ["-nostdin", "-y", ...input(file), ...output], signal);
}

interface Report {
  format: { duration?: string };
  streams: { codec_type: string; width?: number; height?: number; disposition?: { attached_pic?: number } }[];
}

/** A file and nothing that it may refer to: playlists of other files and addresses are not followed. */
const input = (file: string) => ["-protocol_whitelist", "file", "-i", `file:${file}`];

async function command(name: string, args: readonly string[], signal: AbortSignal) {
  try {
    return await run(name, ["-hide_banner", "-loglevel", "error", ...args], { signal, maxBuffer: 1024 ** 2 });
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    const says = stderr?.trim().split("\n").at(-1) ?? "";
    // An exit code is its judgement of the file; a signal, a full disk or a missing command is ours to mend.
    if (typeof code !== "number" || /No space left|Cannot allocate memory/.test(stderr ?? "")) throw error;
    throw new BadRecording(says.replaceAll(/file:\S+: ?/g, ""), { cause: error });
  }
}
