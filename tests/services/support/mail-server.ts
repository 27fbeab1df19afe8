import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { ThrowAwayAuthority } from "../../support/authority";

export const login = { user: "content-bridge", password: "password-of-the-mail-server" };

/** A mail server on this machine, which keeps what it takes. */
export class MailServer {
  readonly taken: { from: string; to: string[]; text: string; isTls: boolean; user: unknown }[] = [];

  private constructor(
    /** PEM of the authority that its certificate comes from. */
    readonly ca: string,
    private readonly server: SMTPServer,
  ) {}

  /** @param options whether it is TLS from the beginning, or is without it, or asks for no login */
  static async start(options: SMTPServerOptions = {}): Promise<MailServer> {
    const authority = await ThrowAwayAuthority.create("authority of the mail server");
    const files = await authority.serverFiles("mail");
    const server = new SMTPServer({
      ...{ cert: files["tls.crt"], key: files["tls.key"], disableReverseLookup: true, closeTimeout: 100, logger: false },
      onAuth: ({ username, password }, _session, done) => {
        if (username === login.user && password === login.password) done(null, { user: username });
        else done(new Error("wrong login"));
      },
      onData: (stream, { envelope: { mailFrom, rcptTo }, secure, user }, done) => {
        void text(stream).then((content) => {
          const from = mailFrom ? mailFrom.address : "";
          started.taken.push({ from, to: rcptTo.map(({ address }) => address), text: content, isTls: secure, user });
          done();
        });
      },
      ...options,
    });
    // Of clients that do not like its certificate.
    server.on("error", () => undefined);
    const started = new MailServer(files["ca.crt"], server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return started;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(resolve));
  }
}
