import { setTimeout as sleep } from "node:timers/promises";
import { allProcesses, isAlive, type Process } from "../bootstrap/processes";
import { say, step } from "../bootstrap/progress";

/** How long a process without an engine may take to end by itself, in milliseconds. */
const patience = 10_000;

/**
 * Plugins, language hosts and programs whose engine is gone: their work can no longer reach the state, and until they
 * end they may still be making things.
 */
export function orphansOf(processes: readonly Process[], folders: readonly string[]): Process[] {
  const byId = new Map(processes.map((process) => [process.pid, process]));
  const isPart = ({ command }: Process) =>
    /pulumi-(resource|language)-|@pulumi\/pulumi\/cmd\/run\b/.test(command) &&
    folders.some((folder) => command.includes(folder));
  const hasEngine = (process: Process): boolean => {
    const parent = byId.get(process.parent);
    if (!parent) return false;
    return isPart(parent) ? hasEngine(parent) : /(^|\/)pulumi( |$)/.test(parent.command);
  };
  return processes.filter((process) => isPart(process) && !hasEngine(process));
}

/** Waits for them to end, and ends those that do not. */
export async function endOrphans(folders: readonly string[]): Promise<void> {
  const orphans = orphansOf(allProcesses(), folders);
  if (orphans.length === 0) return;
  await step("Waiting for the plugins of a killed run to end", async () => {
    const limit = Date.now() + patience;
    const left = () => orphans.filter(({ pid }) => isAlive(pid));
    while (left().length > 0 && Date.now() < limit) await sleep(100);
    for (const { pid, command } of left()) {
      say(`  Ended process ${pid}, left behind by a killed run: ${command}`);
      process.kill(pid, "SIGKILL");
    }
  });
}
