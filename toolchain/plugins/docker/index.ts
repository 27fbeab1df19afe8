import { version } from "@pulumi/docker/package.json";
import type { Provider } from "../../../provider/frame/types";
import { container } from "./container";
import { Daemon } from "./daemon";
import { remoteImage } from "./image";
import { network } from "./network";
import { text } from "./properties";
import { volume } from "./volume";

/**
 * Stands in for the official docker provider where its plugin cannot be had: the resource types and properties that
 * this project uses, with the official names, defaults, ids and state. Anything else is refused by name.
 */
export const provider: Provider<Daemon> = {
  name: "docker",
  version,
  configuration: {
    /** Address of the daemon, `unix:///path` or `tcp://name:port`. */
    host: text({ default: process.env["DOCKER_HOST"] || "unix:///var/run/docker.sock" }),
  },
  configure: ({ host }) => new Daemon(host as string),
  resources: {
    "docker:index/network:Network": network,
    "docker:index/volume:Volume": volume,
    "docker:index/remoteImage:RemoteImage": remoteImage,
    "docker:index/container:Container": container,
  },
};
