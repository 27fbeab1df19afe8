import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** `reset`: connections are torn and refused. `silent`: they stay, and not a byte goes through. */
export type Fault = "none" | "reset" | "silent";

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
      else if (fault === "silent") socket.pause();
      // What was silent has lost its patience by now; it is not taken up again.
      else socket.destroy();
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
      one.on("data", (data) => this.fault === "none" && other.write(data));
      one.on("error", () => one.destroy());
      one.on("close", () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
    if (this.fault === "reset") client.resetAndDestroy();
  }
}
