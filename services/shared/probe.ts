// The container's health check: exits 0 when GET /health answers 200. The report of a failure goes to `docker inspect`.
async function probe(): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${process.env.PORT}/health`);
  if (response.ok) return;
  console.error(await response.text());
  process.exitCode = 1;
}

probe().catch((error: unknown) => {
  console.error(String((error as Error).cause ?? error));
  process.exitCode = 1;
});
