import { Client, type ClientConfig } from "pg";
import type { Log } from "../../shared/log";

const reconnectMs = 1000;

/** Hears of new runs as they are committed, on a connection of its own that comes back after every loss. */
export class Listener {
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  /** @param wake called for every notification, and after every connect, for what was missed */
  constructor(
    private readonly config: ClientConfig,
    private readonly log: Log,
    private readonly wake: () => void,
  ) {
    void this.connect();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    const client = new Client(this.config);
    this.client = client;
    client.on("notification", this.wake);
    client.on("error", (error) => this.log.warn({ err: error }, "lost the connection that hears of new runs"));
    client.once("end", () => {
      if (!this.isClosed) this.timer = setTimeout(() => void this.connect(), reconnectMs);
    });
    try {
      await client.connect();
      await client.query("LISTEN job_runs");
      this.wake();
    } catch (error) {
      this.log.warn({ err: error }, "cannot hear of new runs; they are looked for");
      await client.end().catch(() => undefined);
    }
  }
}
