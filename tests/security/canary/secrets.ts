/** Something that must show nowhere, with a name that may. */
export interface Secret {
  name: string;
  /** Texts that give it away: itself, or the lines of a key. */
  forms: string[];
}

/** How Pulumi marks a secret in its state, beside its plain text when that is asked for. */
const mark = "4dabf18193072939515e22adb298388d";

interface Exported {
  deployment: { resources: { urn: string; type: string; inputs?: unknown; outputs?: unknown }[] };
}

/**
 * Every secret of a stack: passwords, private keys, verifiers and hashes of passwords.
 *
 * @param exported what `pulumi stack export --show-secrets` prints
 * @throws Error where a value is secret of which it is not known how it would show
 */
export function secretsOf(exported: string): Secret[] {
  const values = new Map<string, string>();
  for (const { urn, inputs, outputs } of (JSON.parse(exported) as Exported).deployment.resources) {
    const name = urn.split("::").slice(-2).join(" ");
    for (const part of [inputs, outputs]) collect(part, name, false, values);
  }
  const secrets = [...values].map(([value, name]) => ({ name, forms: formsOf(value, name) }));
  return secrets.filter(({ forms }) => forms.length > 0);
}

/** Secret texts, each under the first place that it was found in. */
function collect(value: unknown, path: string, secret: boolean, into: Map<string, string>): void {
  if (typeof value === "string") {
    if (secret && !into.has(value)) into.set(value, path);
  } else if (value !== null && typeof value === "object") {
    if (mark in value) collect(JSON.parse((value as unknown as { plaintext: string }).plaintext), path, true, into);
    else for (const [key, item] of Object.entries(value)) collect(item, `${path}.${key}`, secret, into);
  }
}

/** What goes along with secrets in one list, and is none. */
const harmless = [
  /^-----BEGIN CERTIFICATE-----/,
  /^\/run\/secrets\/[\w.-]+$/,
  /^com\.huntmaster\.[a-z]+$/,
  // User names, modes, and the fingerprint that tells a container of a change.
  /^[a-z0-9_-]{1,16}$/,
];

/** In which line of a P-256 key the private number is, or most of it: the others are the format's, or public. */
const privateLine: Record<string, number> = { "EC PRIVATE KEY": 0, "PRIVATE KEY": 1, "OPENSSH PRIVATE KEY": -1 };

function privateLineOf(lines: string[], kind: string): string | undefined {
  // Ed25519: as PKCS #8 it is one line, and in OpenSSH's format the public number comes after it.
  if (kind === "PRIVATE KEY" && lines.length === 1) return lines[0];
  const isEd25519 = Buffer.from(lines.join(""), "base64").includes("ssh-ed25519");
  return lines.at(isEd25519 ? -2 : (privateLine[kind] ?? lines.length));
}

function formsOf(value: string, name: string): string[] {
  if (harmless.some((pattern) => pattern.test(value))) return [];
  const key = /^-----BEGIN ([A-Z ]*PRIVATE KEY)-----\n([^-]*)/.exec(value);
  if (key) return [privateLineOf(key[2]!.trim().split("\n"), key[1]!) ?? fail(`${name} is an ${key[1]}`)];
  if (value.startsWith("SCRAM-SHA-256$")) return value.split(/[$:]/).filter((part) => part.length > 40);
  if (value.startsWith("user default off")) return value.match(/\b[0-9a-f]{64}\b/g) ?? [];
  // Standard Webhooks: base64 of a password, which is searched for in that form too.
  if (value.startsWith("whsec_")) return [];
  if (/^[A-Za-z0-9_-]{32,}$/.test(value)) return [value, Buffer.from(value).toString("base64").slice(0, 40)];
  return fail(`${name} is something else`);
}

function fail(what: string): never {
  throw new Error(`secret, and of no kind that the search knows: ${what}. Tell it in tests/security/canary/secrets.ts`);
}

/** One secret that a test has made up, to be planted where it must be found. */
export const planted = (value: string): Secret => ({ name: "planted", forms: formsOf(value, "planted") });

/** The names of the secrets that show in a text. */
export function found(secrets: readonly Secret[], where: string | Buffer): string[] {
  const bytes = typeof where === "string" ? Buffer.from(where) : where;
  return secrets.filter(({ forms }) => forms.some((form) => bytes.includes(form))).map(({ name }) => name);
}
