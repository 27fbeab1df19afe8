import type Docker from "dockerode";
import { quoteIdentifier, quoteLiteral } from "../../lib/sql/quote";
import type { ResourceType, Values } from "../frame/types";
import { hasUnknown } from "../frame/values";
import { execInContainer, isRunning } from "./docker-exec";
import { quietSession } from "./quiet-session";

interface Superuser {
  container: string;
  role: string;
  verifier: string;
}

const scramVerifier = /^SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$/;

/**
 * The password of the database's superuser, set over the socket inside the server's container, which lets the
 * container's own user in without one. So the first start, a rotation and a password changed by hand are mended in
 * the same way, and the container is never told the password.
 */
export const superuser: ResourceType<Docker> = {
  properties: {
    /** Name of the server's container. */
    container: { type: "string", required: true },
    role: { type: "string", required: true, replace: true },
    /** SCRAM-SHA-256 verifier of the password. */
    verifier: { type: "string", required: true, secret: true },
  },

  check({ verifier }) {
    if (typeof verifier !== "string" || scramVerifier.test(verifier)) return [];
    return [
      { property: "verifier", reason: "is no SCRAM-SHA-256 verifier: make it from the password by scramVerifier" },
    ];
  },

  async diff({ state }, inputs, { client }) {
    if (hasUnknown(inputs.verifier)) return [];
    const live = await liveVerifier(client, state as unknown as Superuser);
    return live === undefined || live === inputs.verifier ? [] : [{ path: "verifier", kind: "update" }];
  },

  create: (inputs, { client }) => set(client, inputs),

  /** A server that is down says nothing about its password. */
  async read(id, state, { client }) {
    const live = await liveVerifier(client, state as unknown as Superuser);
    return { id, state: live === undefined ? state : { ...state, verifier: live } };
  },

  update: (_old, inputs, { client }) => set(client, inputs),

  /** The role goes with the data. */
  delete: async () => undefined,
};

/** What the server holds, "" for no password; undefined if it cannot be asked. */
async function liveVerifier(docker: Docker, { container, role }: Superuser): Promise<string | undefined> {
  if (!(await isRunning(docker, container))) return undefined;
  const ran = await psql(
    docker,
    container,
    role,
    `SELECT rolpassword FROM pg_authid WHERE rolname = ${quoteLiteral(role)}`,
  );
  return ran.exitCode === 0 ? ran.stdout.trim() : undefined;
}

async function set(docker: Docker, inputs: Values) {
  const { container, role, verifier } = inputs as unknown as Superuser;
  const statement = `ALTER ROLE ${quoteIdentifier(role)} PASSWORD ${quoteLiteral(verifier)}`;
  const { exitCode, stderr } = await psql(docker, container, role, statement);
  if (exitCode !== 0) {
    throw new Error(
      `cannot set the password of ${role} in container ${container}: ` +
        `${stderr.replaceAll(verifier, "[verifier]").trim()}. See docker logs ${container}`,
    );
  }
  return { id: role, state: inputs };
}

function psql(docker: Docker, container: string, role: string, statement: string) {
  const command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", role, "-d", "postgres"];
  return execInContainer(docker, container, command, `${quietSession}${statement};\n`);
}
