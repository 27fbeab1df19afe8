import { serve } from "../../../provider/frame/server";
import { docker } from ".";

serve(docker);
