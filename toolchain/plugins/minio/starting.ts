const codes = [
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENOTFOUND", "EAI_AGAIN"],
  ...["ServerNotInitialized", "XMinioServerNotInitialized"],
];

/** Whether a call failed because the server is still starting, or is not there yet. */
export function isStarting(error: unknown): boolean {
  const { code = "", message } = error as NodeJS.ErrnoException;
  // The S3 client says no more of an answer that it would have tried again itself.
  return codes.includes(code) || message.includes("Retryable HTTP status: 503");
}
