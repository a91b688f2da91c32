import type { Certificate } from 'pkijs';
import { parseCertificate } from '../certificates/certificate';
import { TrustStore } from '../certificates/trust-store';
import { type CertificateVerdict, type Measures, validateCertificate } from '../certificates/validate';
import { type Command, type CommandServices, describeCommand } from '../protocol/command';
import { type Infer, container, flag, many, object, optional, text } from '../protocol/schema';
import { type Element, ValidateCert as Page, element } from '../wbxml';

/** [MS-ASCMD] "Status (ValidateCert)": of the request. */
const Status = { Success: 1, ProtocolError: 2, Other: 17 } as const;

/** The same: of each certificate. 12 compares with an address, which no request names. */
const statusOfVerdict: Readonly<Record<CertificateVerdict | 'malformed', number>> = {
  valid: 1,
  'bad-signature': 3,
  untrusted: 4,
  'broken-chain': 5,
  'not-for-mail': 6,
  expired: 7,
  'inconsistent-times': 8,
  'wrong-use': 9,
  malformed: 10,
  'no-authority': 11,
  revoked: 13,
  'revocation-outdated': 14,
  'chain-revoked': 15,
  'revocation-unknown': 16,
};

/** Certificates in one request. [MS-ASCMD] "Limiting Size of Command Requests". */
const most = 100;

/** [MS-ASCMD] "ValidateCert", request schema. */
const request = object({
  chain: optional(container(Page.CertificateChain, many(text(Page.Certificate), { max: most })), []),
  certificates: container(Page.Certificates, many(text(Page.Certificate), { min: 1, max: most })),
  checkRevocation: optional(flag(Page.CheckCRL), false),
});

/** [MS-ASCMD] "ValidateCert": are these certificates fit to believe a signed mail by? */
export class ValidateCert implements Command<typeof request> {
  static readonly descriptor = describeCommand({
    name: 'ValidateCert',
    root: Page.ValidateCert,
    request,
    status: { malformed: Status.ProtocolError, serverError: Status.Other },
  });

  readonly #trust: TrustStore;

  constructor(private readonly services: CommandServices) {
    const { config } = services;
    this.#trust = new TrustStore({
      authorities: config['com.openexchange.usm.eas.certificates.authorities'],
      revocationLists: config['com.openexchange.usm.eas.certificates.revocation_lists'],
    });
  }

  async execute({ chain, certificates, checkRevocation }: Infer<typeof request>): Promise<Element> {
    const parsed = certificates.map(parseCertificate);
    const measures: Measures = {
      // what is to be checked may have issued one another
      chain: [...chain.map(parseCertificate), ...parsed].filter((one) => one !== undefined),
      trusted: await this.#trust.authorities(),
      revocations: checkRevocation ? await this.#trust.revocations() : undefined,
      now: this.services.clock.now(),
    };
    const statuses: number[] = [];
    for (const certificate of parsed) statuses.push(await statusOf(certificate, measures));
    return element(
      Page.ValidateCert,
      element(Page.Status, Status.Success),
      statuses.map((status) => element(Page.Certificate, element(Page.Status, status))),
    );
  }
}

async function statusOf(certificate: Certificate | undefined, measures: Measures): Promise<number> {
  return statusOfVerdict[certificate ? await validateCertificate(certificate, measures) : 'malformed'];
}
