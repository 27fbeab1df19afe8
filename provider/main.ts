import { serve } from "./frame/server";
import { hma } from "./hma";

serve(hma);
