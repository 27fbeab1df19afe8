import { serve } from "../shared/serve";
import { createApp, name } from "./app";
import { readMlConfig } from "./config";

void serve({ name, readConfig: readMlConfig, createApp });
