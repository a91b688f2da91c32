import type { Finding } from '@oxtender/bundle-api';

/** What to do about a connection that does not come about, by the code of its error. */
const remedies: Readonly<Record<string, string>> = {
  ENOTFOUND: 'give the name an A or AAAA record',
  ECONNREFUSED: 'start the web server, and let its port through the firewall',
  EHOSTUNREACH: 'look at the firewall, and at the address that the name has',
  ETIMEDOUT: 'look at the firewall, and at the address that the name has',
  CERT_HAS_EXPIRED: 'renew the certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'take a certificate that has this name in it as well',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'take a certificate of an authority that phones trust',
  SELF_SIGNED_CERT_IN_CHAIN: 'take a certificate of an authority that phones trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'have the web server send the whole chain: fullchain.pem, not cert.pem',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'have the web server send the whole chain: fullchain.pem, not cert.pem',
};

/** @param place - what was asked */
export function connectionFault(place: string, error: unknown): Finding {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reason = code === '' || message.includes(code) ? message : `${message} (${code})`;
  const remedy = remedies[code] ?? 'open the address in a browser, and see the log of the web server';
  return { verdict: 'fail', message: `${place} cannot be reached: ${reason}`, remedy };
}
