import type { Instant } from '@oxtender/bundle-api';
import type { Certificate } from 'pkijs';
import { isAuthority, isForMail, isForSigning, isSelfIssued, isSignedBy, validityOf } from './certificate';
import type { Revocations } from './revocations';

/** How a certificate turned out. */
export type CertificateVerdict =
  | 'valid'
  | 'bad-signature'
  | 'untrusted'
  | 'broken-chain'
  | 'not-for-mail'
  | 'expired'
  | 'inconsistent-times'
  | 'wrong-use'
  | 'no-authority'
  | 'revoked'
  | 'revocation-outdated'
  | 'chain-revoked'
  | 'revocation-unknown';

/** What a certificate is measured by. */
export interface Measures {
  /** That came with it; proves nothing by itself. */
  readonly chain: readonly Certificate[];
  readonly trusted: readonly Certificate[];
  /** Absent: nobody asked whether it was revoked. */
  readonly revocations?: Revocations | undefined;
  readonly now: Instant;
}

/** Longest chain. */
const maxLength = 10;

/** A certificate for signing mail, up to an authority that is trusted. RFC 5280, section 6. */
export async function validateCertificate(certificate: Certificate, measures: Measures): Promise<CertificateVerdict> {
  const own = verdictOnLeaf(certificate, measures.now);
  if (own) return own;
  const path = await buildPath(certificate, measures);
  if (typeof path === 'string') return path;
  return (await revocationOf(path, measures)) ?? 'valid';
}

function verdictOnLeaf(certificate: Certificate, now: Instant): CertificateVerdict | undefined {
  if (!isCurrent(certificate, now)) return 'expired';
  if (!isForMail(certificate)) return 'not-for-mail';
  return isForSigning(certificate) ? undefined : 'wrong-use';
}

/** The certificate, who issued it, and so on up to one that is trusted; or why there is no such way. */
async function buildPath(certificate: Certificate, measures: Measures): Promise<Certificate[] | CertificateVerdict> {
  const path = [certificate];
  for (let current = certificate; path.length <= maxLength;) {
    if (isAmong(current, measures.trusted)) return path;
    if (isSelfIssued(current)) return (await isSignedBy(current, current)) ? 'untrusted' : 'bad-signature';
    const named = [...measures.trusted, ...measures.chain].filter(({ subject }) => subject.isEqual(current.issuer));
    if (named.length === 0) return 'broken-chain';
    const issuer = await signerOf(current, named);
    if (!issuer) return 'bad-signature';
    const verdict = verdictOnIssuer(current, issuer, measures.now);
    if (verdict) return verdict;
    path.push(issuer);
    current = issuer;
  }
  return 'broken-chain';
}

async function signerOf(certificate: Certificate, named: readonly Certificate[]): Promise<Certificate | undefined> {
  for (const issuer of named) if (await isSignedBy(certificate, issuer)) return issuer;
  return undefined;
}

function verdictOnIssuer(certificate: Certificate, issuer: Certificate, now: Instant): CertificateVerdict | undefined {
  if (!isAuthority(issuer)) return 'no-authority';
  if (!isCurrent(issuer, now)) return 'expired';
  const { from, until } = validityOf(issuer);
  const issued = validityOf(certificate).from;
  return issued < from || issued > until ? 'inconsistent-times' : undefined;
}

/** Of the certificate itself, then of those that issued it; the last one is trusted whatever anybody says. */
async function revocationOf(
  path: readonly Certificate[],
  { revocations, now }: Measures,
): Promise<CertificateVerdict | undefined> {
  if (!revocations) return undefined;
  for (const [index, certificate] of path.slice(0, -1).entries()) {
    const issuer = path[index + 1];
    if (!issuer) break;
    const state = await revocations.stateOf(certificate, issuer, now);
    if (state === 'revoked') return index === 0 ? 'revoked' : 'chain-revoked';
    if (state === 'outdated') return 'revocation-outdated';
    if (state === 'unknown') return 'revocation-unknown';
  }
  return undefined;
}

function isCurrent(certificate: Certificate, now: Instant): boolean {
  const { from, until } = validityOf(certificate);
  return now >= from && now <= until;
}

function isAmong(certificate: Certificate, list: readonly Certificate[]): boolean {
  const bytes = Buffer.from(certificate.toSchema().toBER());
  return list.some(
    (one) => one.subject.isEqual(certificate.subject) && bytes.equals(Buffer.from(one.toSchema().toBER())),
  );
}
