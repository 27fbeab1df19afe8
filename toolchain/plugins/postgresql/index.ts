import type { Provider } from "../../../provider/frame/types";
import { keepMade } from "../keep-made";
import { configuration, settingsOf } from "./configuration";
import { Server } from "./connection";
import { defaultPrivileges } from "./default-privileges";
import { extension } from "./extension";
import { grant } from "./grant";
import { grantRole } from "./grant-role";
import { role } from "./role";
import { schema } from "./schema";

/** Stands in for the official provider of the same name and version, as far as its resource types are listed here. */
export const provider: Provider<Server> = {
  name: "postgresql",
  version: "3.18.1",
  configuration,
  configure: (config) => new Server(settingsOf(config)),
  resources: keepMade({
    "postgresql:index/defaultPrivileges:DefaultPrivileges": defaultPrivileges,
    "postgresql:index/extension:Extension": extension,
    "postgresql:index/grant:Grant": grant,
    "postgresql:index/grantRole:GrantRole": grantRole,
    "postgresql:index/role:Role": role,
    "postgresql:index/schema:Schema": schema,
  }),
};
