import type { Directory, DirectoryEntry } from '@oxtender/bundle-api';
import type { PeopleCertificates } from '../../certificates/people-certificates';
import type { CommandCall } from '../../protocol/command';
import { type Element, ResolveRecipients as Page, element } from '../../wbxml';
import { ResolveRecipientsStatus as Status } from './status';

/** Members of a group whose certificates are sent. [MS-ASCMD] "RecipientCount". */
const mostMembers = 20;

/** Where certificates are looked for. */
export interface CertificateSources {
  readonly directory: Directory;
  readonly people: PeopleCertificates;
  /** Certificates have to hold then. */
  readonly now: number;
}

/** Certificates for one answer: no more than the device wants in all. */
export class CertificateBag {
  #left: number;

  constructor(
    private readonly sources: CertificateSources,
    { maxCertificates = Infinity }: { readonly maxCertificates?: number | undefined },
  ) {
    this.#left = maxCertificates;
  }

  /**
   * A mini certificate is for devices that have room for nothing else: there are none, and a device that asks for them is
   * given the whole ones, as [MS-ASCMD] "CertificateRetrieval" allows.
   */
  async of(entry: DirectoryEntry, call: CommandCall): Promise<Element> {
    const addresses = entry.members?.map(({ address }) => address) ?? [entry.address];
    if (addresses.length > mostMembers) return this.#answer(Status.CertificateLimit, addresses.length, []);
    const found = await Promise.all(addresses.map((address) => this.#find(address, call)));
    // of a person's certificates the best one serves
    const certificates = entry.members ? found.flatMap((list) => list.slice(0, 1)) : found.flat();
    if (certificates.length === 0) return this.#answer(Status.NoCertificate, addresses.length, []);
    if (certificates.length > this.#left) return this.#answer(Status.CertificateLimit, addresses.length, []);
    this.#left -= certificates.length;
    return this.#answer(Status.Success, addresses.length, certificates);
  }

  async #find(address: string, call: CommandCall): Promise<readonly Uint8Array[]> {
    const { directory, people, now } = this.sources;
    const known = (await directory.certificates?.(address, call)) ?? [];
    try {
      return [...known, ...(await people.of(address, now))];
    } catch (error) {
      // People are found all the same.
      call.log.error('a certificate cannot be read: see com.openexchange.usm.eas.certificates.people', { error });
      return known;
    }
  }

  #answer(status: number, recipients: number, certificates: readonly Uint8Array[]): Element {
    return element(
      Page.Certificates,
      element(Page.Status, status),
      element(Page.CertificateCount, certificates.length),
      element(Page.RecipientCount, recipients),
      certificates.map((certificate) => element(Page.Certificate, Buffer.from(certificate).toString('base64'))),
    );
  }
}
