import type { Instant } from '@oxtender/bundle-api';
import { type Certificate, CertificateRevocationList } from 'pkijs';

/** `outdated`: there is a list, and a newer one should be there by now. */
export type RevocationState = 'good' | 'revoked' | 'outdated' | 'unknown';

/** Revocation lists that the operator keeps: a server that fetched what a device names would fetch anything for anybody. */
export class Revocations {
  constructor(private readonly lists: readonly CertificateRevocationList[]) {}

  async stateOf(certificate: Certificate, issuer: Certificate, now: Instant): Promise<RevocationState> {
    let state: RevocationState = 'unknown';
    for (const list of this.lists) {
      if (!list.issuer.isEqual(issuer.subject) || !(await list.verify({ issuerCertificate: issuer }))) continue;
      if (list.isCertificateRevoked(certificate)) return 'revoked';
      const next = list.nextUpdate?.value.getTime() ?? Infinity;
      if (next >= now) state = 'good';
      else if (state === 'unknown') state = 'outdated';
    }
    return state;
  }
}

/** A revocation list out of DER. @throws Error when it is none */
export function revocationListOf(der: Uint8Array): CertificateRevocationList {
  return CertificateRevocationList.fromBER(Uint8Array.from(der).buffer);
}
