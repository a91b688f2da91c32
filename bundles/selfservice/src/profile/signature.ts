import { createPrivateKey, type KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import { OctetString } from 'asn1js';
import {
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedData,
  SignerInfo,
} from 'pkijs';

/** [RFC 5652] "General Overview". */
const dataType = '1.2.840.113549.1.7.1';
const signedDataType = '1.2.840.113549.1.7.2';

/** Names of curves: OpenSSL's and those of Web Crypto. */
const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

/** A certificate with its chain, and its key. */
export interface Signer {
  readonly certificates: readonly X509Certificate[];
  readonly key: KeyObject;
}

/**
 * @param pem - the certificate first, then its chain
 * @throws Error in words for the operator
 */
export function parseSigner(pem: string, keyPem: string, passphrase: string): Signer {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  const certificates = blocks.map((block) => new X509Certificate(block));
  const [own] = certificates;
  if (!own) throw new Error('the certificate file has no certificate in it');
  const key = createPrivateKey(passphrase === '' ? keyPem : { key: keyPem, passphrase });
  if (!own.checkPrivateKey(key)) throw new Error('the key does not belong to the first certificate of the file');
  algorithmOf(key);
  return { certificates, key };
}

/** CMS, as Apple's devices take it: the content inside, the chain with it. [RFC 5652] "Signed-data Content Type". */
export async function sign(content: Uint8Array, { certificates, key }: Signer): Promise<Buffer> {
  const chain = certificates.map(({ raw }) => Certificate.fromBER(raw));
  const [own] = chain;
  if (!own) throw new Error('no certificate to sign with');
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const privateKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithmOf(key), false, ['sign']);
  const sid = new IssuerAndSerialNumber({ issuer: own.issuer, serialNumber: own.serialNumber });
  // a copy of its own: a Buffer is a window on memory that holds other things, the key among them
  const eContent = new OctetString({ valueHex: Uint8Array.from(content).buffer });
  const signed = new SignedData({
    version: 1,
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: dataType, eContent }),
    signerInfos: [new SignerInfo({ version: 1, sid })],
    certificates: chain,
  });
  await signed.sign(privateKey, 0, 'SHA-256');
  const envelope = new ContentInfo({ contentType: signedDataType, content: signed.toSchema(true) });
  return Buffer.from(envelope.toSchema().toBER());
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject) {
  if (asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const namedCurve = curves[asymmetricKeyDetails?.namedCurve ?? ''];
  if (asymmetricKeyType === 'ec' && namedCurve !== undefined) return { name: 'ECDSA', namedCurve };
  throw new Error(`keys of the type ${asymmetricKeyType ?? 'unknown'} cannot sign profiles: use RSA or EC (P-256)`);
}
