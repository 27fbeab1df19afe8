import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A way to a server on this machine, which a test can cut, block and mend without touching the server. */
export class Link {
  private readonly sockets = new Set<Socket>();
  private state: "open" | "cut" | "blocked" = "open";

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {
    server.on("connection", (socket) => this.join(socket));
  }

  /** @param target port of the server */
  static async to(target: number): Promise<Link> {
    const server = createServer();
    const link = new Link(server, target);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return link;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends all connections, and every new one at once. */
  cut(): void {
    this.state = "cut";
    for (const socket of this.sockets) socket.destroy();
  }

  /** Lets nothing through: connections stay, and new ones are taken, but nobody answers. */
  block(): void {
    this.state = "blocked";
    for (const socket of this.sockets) socket.pause();
  }

  mend(): void {
    this.state = "open";
    for (const socket of this.sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket): void {
    if (this.state === "cut") {
      near.destroy();
      return;
    }
    const far = connect(this.target, "127.0.0.1");
    for (const [one, other] of [[near, far], [far, near]] as const) {
      this.sockets.add(one);
      one.on("data", (data) => void other.write(data));
      one.on("error", () => undefined);
      one.on("close", () => {
        this.sockets.delete(one);
        other.destroy();
      });
      if (this.state === "blocked") one.pause();
    }
  }
}
