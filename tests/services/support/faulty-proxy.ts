import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { inFull } from "../../support/figures";

/**
 * What can happen to connections: `reset` tears them and refuses new ones; `silent` keeps all, and lets not a byte
 * through; `half-open` does so with those that are there, as if the other side had lost its power, and new ones work;
 * `late` takes its time for everything; `slow` lets a few bytes through at a time.
 */
const all = ["reset", "silent", "half-open", "late", "slow"] as const;
export type Fault = (typeof all)[number] | "none";

/** Those that a run of tests tries. */
export const faults = inFull ? all : (["reset", "half-open"] as const);

/** Milliseconds by which everything is late, in each direction. */
const lateMs = 100;
/** So many bytes in so many milliseconds. */
const slow = { bytes: 16, everyMs: 50 };

/** What a service reaches a store through, so that the network between them can fail. */
export class FaultyProxy {
  private fault: Fault = "none";
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly port: number,
    private readonly server: Server,
  ) {}

  static async to(port: number): Promise<FaultyProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const proxy = new FaultyProxy((server.address() as AddressInfo).port, server);
    server.on("connection", (client) => proxy.join(client, connect(port, "127.0.0.1")));
    return proxy;
  }

  set(fault: Fault): void {
    if (fault === this.fault) return;
    this.fault = fault;
    for (const socket of this.sockets) {
      if (fault === "reset") socket.resetAndDestroy();
      // Nor are they told that the other side has gone.
      else if (fault === "silent" || fault === "half-open") socket.pause().removeAllListeners("data");
      // What had a fault has lost its patience by now; it is not taken up again.
      else if (fault === "none") socket.destroy();
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket, store: Socket): void {
    for (const [one, other] of [
      [client, store],
      [store, client],
    ] as const) {
      this.sockets.add(one);
      const pass = this.passTo(other);
      one.on("data", (data) => pass(data));
      one.on("error", () => one.destroy());
      one.on("close", () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
    if (this.fault === "reset") client.resetAndDestroy();
  }

  /** Writes to a socket as the fault has it at that moment. */
  private passTo(socket: Socket): (data: Buffer) => void {
    let waiting = Buffer.alloc(0);
    let timer: NodeJS.Timeout | undefined;
    const trickle = () => {
      socket.write(waiting.subarray(0, slow.bytes));
      waiting = waiting.subarray(slow.bytes);
      timer = waiting.length > 0 ? setTimeout(trickle, slow.everyMs) : undefined;
    };
    socket.on("close", () => clearTimeout(timer));
    return (data) => {
      if (this.fault === "silent") return;
      if (this.fault === "late") setTimeout(() => socket.writable && socket.write(data), lateMs);
      else if (this.fault === "slow" || waiting.length > 0) {
        waiting = Buffer.concat([waiting, data]);
        timer ??= setTimeout(trickle, slow.everyMs);
      } else socket.write(data);
    };
  }
}
