import type { SMTPServerOptions } from "smtp-server";
import { afterEach, expect, inject, it, vi } from "vitest";
import { Caller } from "../support/caller";
import { login, MailServer } from "../support/mail-server";
import { newPerson, password } from "../support/people";
import { newEmail, startBridge, type Running } from "../support/platform";

let server: MailServer | undefined;
let bridge: Running | undefined;
afterEach(async () => {
  await bridge?.close();
  await server?.stop();
  server = bridge = undefined;
});

interface Trial {
  protocol?: "smtp" | "smtps";
  options?: SMTPServerOptions;
  password?: string;
  hasLogin?: boolean;
  /** Whether the service knows the authority of the server's certificate. */
  isTrusted?: boolean;
}

/** A service that sends mail by a server, and somebody who asks it for a new password. */
async function ask(trial: Trial = {}) {
  const { protocol = "smtp", options, password: given = login.password, hasLogin = true, isTrusted = true } = trial;
  server = await MailServer.start({ secure: protocol === "smtps", ...options });
  const address = new URL(`${protocol}://localhost:${server.port}`);
  const as = { ...login, password: given };
  const mail = { server: address, from: "academy@example.test", ...(hasLogin && { login: as }) };
  const { ca } = inject("stores");
  bridge = await startBridge({ mail, ca: isTrusted ? `${ca}\n${server.ca}` : ca });
  const { email } = await newPerson();
  const caller = new Caller(bridge.url);
  expect((await caller.post("/auth/password-reset", { email })).status).toBe(202);
  return { email, caller, bridge, server };
}

const count = async ({ url }: Running, outcome: string) => {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`mails_total\\{.*outcome="${outcome}".*\\} (\\d+)`).exec(metrics)?.[1] ?? 0);
};
const later = { timeout: 15_000, interval: 50 };

it.each(["smtp", "smtps"] as const)("mail comes by %s, with TLS and a login, and its code is good", async (protocol) => {
  const { email, caller, server } = await ask({ protocol });
  await vi.waitFor(() => expect(server.taken).toHaveLength(1), later);
  const [mail] = server.taken;
  expect(mail).toMatchObject({ from: "academy@example.test", to: [email], isTls: true, user: login.user });
  expect(mail!.text).toContain("Subject: Your new password");
  const [, token] = /minutes: ([\w-]{43})/.exec(mail!.text.replaceAll("=\r\n", ""))!;
  const confirmed = await caller.post("/auth/password-reset/confirm", { token, password: "a new password" });
  expect(confirmed.status).toBe(204);
  expect((await caller.post("/auth/login", { email, password })).status).toBe(401);
});

it("a server that asks for no login is sent none", async () => {
  const { server } = await ask({ options: { authOptional: true }, hasLogin: false });
  await vi.waitFor(() => expect(server.taken).toMatchObject([{ from: "academy@example.test", isTls: true }]), later);
});

it.each<[string, Trial]>([
  ["without TLS", { options: { disabledCommands: ["STARTTLS"] } }],
  ["whose certificate nobody vouches for", { isTrusted: false }],
  ["that refuses the login", { password: "not-the-password" }],
  ["that hangs", { options: { onConnect: () => undefined } }],
])("a server %s gets no mail; the answer is the same, and the log tells no address and no code", async (_what, trial) => {
  const { email, bridge, server } = await ask(trial);
  await vi.waitFor(async () => expect(await count(bridge, "lost")).toBe(1), later);
  expect(server.taken).toEqual([]);
  const logged = bridge.log.filter(({ msg }) => msg === "a mail was not sent");
  expect(logged).toHaveLength(1);
  expect(JSON.stringify(bridge.log)).not.toMatch(new RegExp(`${email}|${login.password}|minutes: `));
});

it("who has no account gets no mail, and what is under way is sent before the service stops", async () => {
  const { email, caller, bridge: running, server } = await ask();
  expect((await caller.post("/auth/password-reset", { email: newEmail() })).status).toBe(202);
  await running.close();
  bridge = undefined;
  expect(server.taken.map(({ to }) => to)).toEqual([[email]]);
});
