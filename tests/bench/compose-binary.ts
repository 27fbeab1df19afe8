import { goTool } from "../../toolchain/bootstrap/go-tool";

/** Docker Compose as toolchain/compose/go.mod pins it: the peer that bring-up is measured against. @returns its path */
export const composeBinary = (): Promise<string> =>
  goTool("compose", "github.com/docker/compose/v5/cmd", "docker-compose");
