import { serve } from "../shared/serve";

void serve("content-bridge");
