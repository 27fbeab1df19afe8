import { publishedPorts } from "../catalog/ports";
import type { Mistake } from "../lib/errors";
import type { Config } from "./schema";

/** Least memory in MiB that Postgres needs for each connection beside its buffers. */
const memoryPerConnectionMiB = 4;

/** Texts that say nothing without each other. */
const together = [["oidcIssuer", "oidcClientId"], ["mailServer", "mailFrom"]] as const;

/** Mistakes of values that are right each by itself. */
export function impossibleCombinations(config: Config): Mistake[] {
  const mistakes: Mistake[] = [];
  if (config.adminTools && config.protectData) {
    mistakes.push({
      where: "adminTools",
      what: "true, while protectData says that this stack holds data to protect",
      mend: "Set adminTools to false: the admin tools log in as superusers.",
    });
  }
  for (const [one, other] of together) {
    if ((config[one] === "") === (config[other] === "")) continue;
    mistakes.push({ where: one, what: `only one of ${one} and ${other} is set`, mend: "Set both, or neither." });
  }
  const [hasUser, hasPassword] = [config.mailUser !== "", config.mailPassword !== ""];
  if (hasUser !== hasPassword || (hasUser && config.mailServer === "")) {
    mistakes.push({
      where: "mailUser",
      what: "mailServer, mailUser and mailPassword do not belong together",
      mend: "Set mailUser and mailPassword together, and only with mailServer.",
    });
  }
  if (config.protectData && config.tracesEndpoint.startsWith("http:")) {
    mistakes.push({
      where: "tracesEndpoint",
      what: "http://, while protectData says that this stack holds data to protect",
      mend: "Begin it with https://: what the services do is for nobody on the way to read.",
    });
  }
  const needed = config.postgresMaxConnections * memoryPerConnectionMiB;
  if (needed > config.postgresMemoryMiB) {
    mistakes.push({
      where: "postgresMaxConnections",
      what: `${config.postgresMaxConnections} connections need ${needed} MiB, and postgresMemoryMiB is ${config.postgresMemoryMiB}`,
      mend: `Raise postgresMemoryMiB to ${needed}, or lower postgresMaxConnections to ${Math.floor(config.postgresMemoryMiB / memoryPerConnectionMiB)}.`,
    });
  }
  if (config.certificateRenewalHours >= config.certificateValidityHours) {
    mistakes.push({
      where: "certificateRenewalHours",
      what: `${config.certificateRenewalHours} hours, not less than certificateValidityHours (${config.certificateValidityHours}): every deployment would renew`,
      mend: `Set certificateRenewalHours below ${config.certificateValidityHours}.`,
    });
  }
  const highest = Math.max(...publishedPorts(config.portOffset).map(({ host }) => host));
  if (highest > 65_535) {
    mistakes.push({
      where: "portOffset",
      what: `${config.portOffset} puts a port at ${highest}, and the last one is 65535`,
      mend: `Set portOffset to at most ${config.portOffset - (highest - 65_535)}.`,
    });
  }
  return mistakes;
}
