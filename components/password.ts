import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/**
 * A generated password of 32 letters and digits (190 bits), secret wherever it goes. `pulumi up --replace` of it makes
 * another, and everything that is derived from it follows.
 */
export function password(name: string, parent: pulumi.Resource): pulumi.Output<string> {
  return new random.RandomPassword(`${name}-password`, { length: 32, special: false }, { parent }).result;
}
