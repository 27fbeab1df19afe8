import { spawn } from "node:child_process";

/** Installs a program's packages with npm; `tell` gets npm's output as it comes. */
export function installDependencies(
  directory: string,
  tell: (stream: "stdout" | "stderr", chunk: Buffer) => void,
): Promise<void> {
  const npm = spawn("npm", ["install"], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  npm.stdout.on("data", (chunk: Buffer) => tell("stdout", chunk));
  npm.stderr.on("data", (chunk: Buffer) => tell("stderr", chunk));
  return new Promise((resolve, reject) => {
    npm.once("error", (error) => reject(new Error(`npm cannot be started: ${error.message}`)));
    npm.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm install in ${directory} exited with ${code}`));
    });
  });
}
