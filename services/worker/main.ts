import { loadSettings } from "../shared/config";
import { run } from "../shared/serve";
import { createApp, name } from "./app";
import { readWorkerConfig } from "./config";

void run(name, () => loadSettings(readWorkerConfig), createApp);
