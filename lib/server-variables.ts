import { UserError, type Mistake } from "./errors";

/**
 * The environment variables that lead to a server. Each of them has to be there; the port may be left out.
 *
 * @param what the kind of server, for the message
 * @param variables what each is
 * @param port its variable, and the port without it
 * @throws UserError that names every variable that is missing or wrong
 */
export function serverVariables<Name extends string>(
  env: NodeJS.ProcessEnv,
  what: string,
  variables: Readonly<Record<Name, string>>,
  port: { name: string; default: number },
): Record<Name, string> & { port: number } {
  const names = Object.keys(variables) as Name[];
  const missing = names.filter((name) => !env[name]);
  const mistakes: Mistake[] = missing.map((name) => ({ where: name, what: "is not set", mend: `set it: ${variables[name]}` }));
  const number = Number(env[port.name] || port.default);
  if (!(Number.isInteger(number) && number > 0 && number < 65536)) {
    const what = `${env[port.name]} is no port`;
    mistakes.push({ where: port.name, what, mend: "set it to a number from 1 to 65535" });
  }
  if (mistakes.length > 0) throw new UserError(`No ${what} to work on:`, mistakes);
  const values = Object.fromEntries(names.map((name) => [name, env[name]!])) as Record<Name, string>;
  return { ...values, port: number };
}
