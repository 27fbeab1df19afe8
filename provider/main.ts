import { serve } from "./frame/server";

serve({ name: "hma", version: "0.1.0", configuration: {}, configure: () => undefined, resources: {} });
