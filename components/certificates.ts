import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { HostFile } from "./hma/host-file";

export interface CertificateAuthorityArgs {
  /** How long a server's certificate is valid, in hours. */
  validityHours: number;
  /** How long before its end a certificate is renewed, in hours. */
  renewalHours: number;
}

/** A server's private key and certificate, both PEM. */
export interface ServerCertificate {
  privateKey: pulumi.Output<string>;
  certificate: pulumi.Output<string>;
}

/** The authority's own certificate outlives those that it signs, so that clients need not be given a new one. */
const authorityValidityHours = 10 * 365 * 24;

const keyType = { algorithm: "ECDSA", ecdsaCurve: "P256" };

/** The stack's own certificate authority. Its certificate lies in `.hma/<stack>/ca.crt` for clients on the host. */
export class CertificateAuthority extends pulumi.ComponentResource {
  /** The authority's certificate, PEM. */
  readonly certificate: pulumi.Output<string>;
  /** The same as a file, relative to the project. */
  readonly filePath: string;
  /** Clients on this machine depend on it. */
  readonly file: pulumi.Resource;
  private readonly privateKey: pulumi.Output<string>;

  constructor(
    name: string,
    private readonly args: CertificateAuthorityArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("hma:tls:CertificateAuthority", name, {}, options);
    const key = new tls.PrivateKey(name, keyType, { parent: this });
    const certificate = new tls.SelfSignedCert(
      name,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: `hma-infra ${pulumi.getStack()} authority`, organization: "Hunt Master Academy" },
        isCaCertificate: true,
        setSubjectKeyId: true,
        validityPeriodHours: authorityValidityHours,
        earlyRenewalHours: args.validityHours,
        allowedUses: ["cert_signing", "crl_signing"],
      },
      { parent: this },
    );
    this.privateKey = key.privateKeyPem;
    this.certificate = certificate.certPem;
    this.filePath = `.hma/${pulumi.getStack()}/ca.crt`;
    this.file = new HostFile(name, { path: this.filePath, content: certificate.certPem }, { parent: this });
    this.registerOutputs();
  }

  /** A certificate for a server that containers reach by `host` and clients on this machine by the loopback names. */
  issue(host: string, parent: pulumi.Resource): ServerCertificate {
    const key = new tls.PrivateKey(host, keyType, { parent });
    const request = new tls.CertRequest(
      host,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: host },
        dnsNames: [host, "localhost"],
        ipAddresses: ["127.0.0.1", "::1"],
      },
      { parent },
    );
    const certificate = new tls.LocallySignedCert(
      host,
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: this.privateKey,
        caCertPem: this.certificate,
        validityPeriodHours: this.args.validityHours,
        earlyRenewalHours: this.args.renewalHours,
        allowedUses: ["digital_signature", "server_auth"],
      },
      { parent },
    );
    return { privateKey: key.privateKeyPem, certificate: certificate.certPem };
  }

  /** The files that a TLS server of ours expects among its secrets. */
  serverFiles(host: string, parent: pulumi.Resource) {
    const { privateKey, certificate } = this.issue(host, parent);
    return { "tls.key": privateKey, "tls.crt": certificate, "ca.crt": this.certificate };
  }
}
