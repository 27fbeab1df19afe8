import { serve } from "../shared/serve";

void serve("ml-server");
