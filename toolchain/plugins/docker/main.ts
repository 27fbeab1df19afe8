import { serve } from "../../../provider/frame/server";
import { provider } from ".";

serve(provider);
