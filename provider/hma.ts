import Docker from "dockerode";
import type { Provider } from "./frame/types";
import { access } from "./resources/access/access";
import { databaseSecrets } from "./resources/database-secrets";
import { healthy } from "./resources/healthy";
import { hostFile } from "./resources/host-file";
import { jobs } from "./resources/jobs";
import { migrations } from "./resources/migrations";
import { models } from "./resources/models/models";
import { superuser } from "./resources/superuser";

/** The platform's own provider. Its Docker daemon is that of Docker's own tools: DOCKER_HOST, or the local socket. */
export const hma: Provider<Docker> = {
  name: "hma",
  version: "0.1.0",
  configuration: {},
  configure: () => new Docker(),
  resources: {
    "hma:index:HostFile": hostFile,
    "hma:index:Healthy": healthy,
    "hma:index:Superuser": superuser,
    "hma:index:Migrations": migrations,
    "hma:index:DatabaseSecrets": databaseSecrets,
    "hma:index:Access": access,
    "hma:index:Jobs": jobs,
    "hma:index:Models": models,
  },
};
