import { BasicConstraints, Certificate, type ExtKeyUsage } from 'pkijs';

/** Object identifiers of extensions, and of purposes. RFC 5280, sections 4.2.1.3, 4.2.1.9, 4.2.1.12. */
const oid = {
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  anyPurpose: '2.5.29.37.0',
} as const;

/** Bits of KeyUsage, the first one on the left. */
const keyUsage = { digitalSignature: 0x80, nonRepudiation: 0x40, certificateSigning: 0x04 } as const;

/** A certificate out of base64, with or without line ends; undefined when it is none. */
export function parseCertificate(base64: string): Certificate | undefined {
  const bytes = Buffer.from(base64.replace(/\s+/g, ''), 'base64');
  return certificateOf(bytes);
}

/** A certificate out of DER; undefined when it is none. pkijs tells of what it cannot read by throwing. */
export function certificateOf(der: Uint8Array): Certificate | undefined {
  try {
    return Certificate.fromBER(Uint8Array.from(der).buffer);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** Signs itself: the end of a chain. */
export function isSelfIssued(certificate: Certificate): boolean {
  return certificate.subject.isEqual(certificate.issuer);
}

/** May issue others. */
export function isAuthority(certificate: Certificate): boolean {
  const constraints = extension(certificate, oid.basicConstraints);
  return (
    constraints instanceof BasicConstraints && constraints.cA && hasUsage(certificate, keyUsage.certificateSigning)
  );
}

/** Its key is for signatures, or for anything. */
export function isForSigning(certificate: Certificate): boolean {
  return hasUsage(certificate, keyUsage.digitalSignature | keyUsage.nonRepudiation);
}

/** Its purpose is mail, or anything. */
export function isForMail(certificate: Certificate): boolean {
  const purposes = (extension(certificate, oid.extendedKeyUsage) as ExtKeyUsage | undefined)?.keyPurposes;
  return purposes === undefined || purposes.includes(oid.emailProtection) || purposes.includes(oid.anyPurpose);
}

/** The moments from and until which it holds. */
export function validityOf({ notBefore, notAfter }: Certificate): { from: number; until: number } {
  return { from: notBefore.value.getTime(), until: notAfter.value.getTime() };
}

/** Signed by the key of the issuer. A key or method that is not known proves nothing. */
export async function isSignedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  try {
    return await certificate.verify(issuer);
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

function hasUsage(certificate: Certificate, wanted: number): boolean {
  const usage = extension(certificate, oid.keyUsage) as { valueBlock: { valueHexView: Uint8Array } } | undefined;
  return usage === undefined || ((usage.valueBlock.valueHexView[0] ?? 0) & wanted) !== 0;
}

function extension({ extensions }: Certificate, id: string): unknown {
  return extensions?.find(({ extnID }) => extnID === id)?.parsedValue as unknown;
}
