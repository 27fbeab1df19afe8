import type { JobName } from "../jobs/enqueue";

export interface MediaType {
  /** The job that makes of it what people are shown. */
  job: Extract<JobName, "process_image" | "process_recording">;
  /** Largest file, in bytes. */
  maxBytes: number;
}

const mebibyte = 1024 ** 2;
const image: MediaType = { job: "process_image", maxBytes: 20 * mebibyte };
const sound: MediaType = { job: "process_recording", maxBytes: 50 * mebibyte };
const video: MediaType = { job: "process_recording", maxBytes: 500 * mebibyte };

/** What people may upload, by what the content is found to be. */
export const mediaTypes: Readonly<Record<string, MediaType>> = {
  "image/jpeg": image,
  "image/png": image,
  "image/webp": image,
  "audio/mpeg": sound,
  "audio/wav": sound,
  "audio/flac": sound,
  "audio/ogg": sound,
  "audio/mp4": sound,
  "video/mp4": video,
  "video/quicktime": video,
  "video/webm": video,
};

/** Most pixels of an image: a decoder takes memory for each, however small the file is. */
export const maxPixels = 50_000_000;

/** Longest recording, in seconds. */
export const maxSeconds = 2 * 60 * 60;
