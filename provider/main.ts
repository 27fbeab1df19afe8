import Docker from "dockerode";
import { serve } from "./frame/server";
import { access } from "./resources/access/access";
import { hostFile } from "./resources/host-file";
import { migrations } from "./resources/migrations/migrations";
import { superuser } from "./resources/superuser";

/** The daemon is the one that Docker's own tools would use: DOCKER_HOST, or the local socket. */
serve<Docker>({
  name: "hma",
  version: "0.1.0",
  configuration: {},
  configure: () => new Docker(),
  resources: {
    "hma:index:HostFile": hostFile,
    "hma:index:Superuser": superuser,
    "hma:index:Migrations": migrations,
    "hma:index:Access": access,
  },
});
