import { rootCertificates } from "node:tls";
import { createTransport } from "nodemailer";
import { Counter, type Registry } from "prom-client";
import type { Log } from "../../shared/log";
import type { Mail, SendMail } from "./mail";

/** How mail is sent. */
export interface MailSettings {
  /** `smtps://host:465` is TLS from the beginning, `smtp://host:587` by STARTTLS. Never without. */
  server: URL;
  /** The address that mail is from. */
  from: string;
  /** Login at the server, where it asks for one. */
  login?: { user: string; password: string };
}

/** Longest wait for the server, in milliseconds, at each step; mails under way at once. */
const limitMs = 5000;
const most = 20;

/** Sends mail behind the answer: neither its time nor its success tells anybody whether there is an account. */
export class Mailer {
  private readonly transport;
  private readonly underWay = new Set<Promise<void>>();
  private readonly mails: Counter;

  /** @param ca PEM of the platform's authority: a server's certificate may come from it, or from a public one */
  constructor(
    private readonly settings: MailSettings,
    ca: string,
    metrics: Registry,
    private readonly log: Log,
  ) {
    const { server, login } = settings;
    const isTls = server.protocol === "smtps:";
    this.transport = createTransport({
      host: server.hostname,
      port: Number(server.port || (isTls ? 465 : 587)),
      secure: isTls,
      requireTLS: true,
      tls: { ca: [...rootCertificates, ca], minVersion: "TLSv1.2" },
      ...(login && { auth: { user: login.user, pass: login.password } }),
      ...{ connectionTimeout: limitMs, greetingTimeout: limitMs, socketTimeout: limitMs, dnsTimeout: limitMs },
      // Nothing in a mail is ever fetched from anywhere.
      ...{ disableFileAccess: true, disableUrlAccess: true },
    });
    this.mails = new Counter({
      name: "mails_total",
      help: "Mails that the mail server took, and those that were lost",
      labelNames: ["outcome"],
      registers: [metrics],
    });
  }

  send: SendMail = async (mail) => {
    const sending = this.underWay.size < most ? this.deliver(mail) : this.lose(new Error(`${most} mails are under way`));
    this.underWay.add(sending);
    void sending.finally(() => this.underWay.delete(sending));
  };

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await Promise.all(this.underWay);
    this.transport.close();
  }

  private async deliver(mail: Mail): Promise<void> {
    try {
      await this.transport.sendMail({ from: this.settings.from, ...mail });
      this.mails.inc({ outcome: "sent" });
    } catch (error) {
      await this.lose(error);
    }
  }

  /** Whoever waits for it asks again; the log names no address. */
  private async lose(error: unknown): Promise<void> {
    this.mails.inc({ outcome: "lost" });
    this.log.error({ err: error }, "a mail was not sent");
  }
}
