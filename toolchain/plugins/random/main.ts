import { version } from "@pulumi/random/package.json";
import { serve } from "../../../provider/frame/server";
import { bytes, id } from "./bytes";
import { password, string } from "./text";

serve({
  name: "random",
  version,
  configuration: {},
  configure: () => undefined,
  resources: {
    "random:index/randomBytes:RandomBytes": bytes,
    "random:index/randomId:RandomId": id,
    "random:index/randomPassword:RandomPassword": password,
    "random:index/randomString:RandomString": string,
  },
});
