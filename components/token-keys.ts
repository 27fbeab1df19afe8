import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

export interface TokenKeysArgs {
  /** Number of the key that signs, from 1. The next higher one rotates: the key to come takes over. */
  generation: number;
}

/**
 * Keys of access tokens: the one that signs, the one before, whose tokens are about for 15 minutes more, and the one to
 * come, which is published before it signs. So a rotation finds no verifier that does not know the key.
 */
export class TokenKeys extends pulumi.ComponentResource {
  /** PEM, one after the other, in the order: signing, before, to come. */
  readonly pem: pulumi.Output<string>;

  constructor(name: string, { generation }: TokenKeysArgs, options?: pulumi.ComponentResourceOptions) {
    super("hma:tls:TokenKeys", name, {}, options);
    const keys = [generation, generation - 1, generation + 1].map(
      (number) => new tls.PrivateKey(`${name}-${number}`, { algorithm: "ED25519" }, { parent: this }),
    );
    this.pem = pulumi.all(keys.map((key) => key.privateKeyPemPkcs8)).apply((pems) => pems.join(""));
    this.registerOutputs();
  }
}
