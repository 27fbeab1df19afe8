import type { Container } from "dockerode";
import { pack } from "tar-stream";
import type { Values } from "../../../../provider/frame/types";
import type { Daemon } from "../daemon";

/** Writes the files into the container, which need not run: as `docker cp` does, and so into its volumes too. */
export async function upload(client: Daemon, container: Container, files: Values[]): Promise<void> {
  if (files.length === 0) return;
  const archive = pack();
  for (const file of files) {
    const content = file["content"]
      ? Buffer.from(file["content"] as string, "utf8")
      : Buffer.from(file["contentBase64"] as string, "base64");
    const header = {
      name: file["file"] as string,
      mode: modeOf(file),
      uid: Number(file["owner"] ?? 0),
      gid: Number(file["group"] ?? 0),
    };
    archive.entry(header, content);
  }
  archive.finalize();
  await client.ask("upload files", container.putArchive(archive, { path: "/" }));
}

function modeOf({ permissions, executable }: Values): number {
  if (permissions) return Number.parseInt(permissions as string, 8);
  return executable ? 0o744 : 0o644;
}
