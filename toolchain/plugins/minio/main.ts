import { serve } from "../../../provider/frame/server";
import { provider } from "./index";

serve(provider);
