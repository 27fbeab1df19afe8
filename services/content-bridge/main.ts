import { serve } from "../shared/serve";
import { createApp, name } from "./app";
import { readBridgeConfig } from "./config";

void serve({ name, readConfig: readBridgeConfig, createApp });
