import type { Clock, DiagnosticCheck, Finding } from '@oxtender/bundle-api';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, type PeerCertificate } from 'node:tls';

const day = 86_400_000;
/** Days before its end in which a certificate should have been renewed. */
const soon = 14;

/** What a device finds that connects. */
interface Presented {
  readonly certificate: PeerCertificate;
  /** Code of OpenSSL's; undefined: the chain leads to an authority that is trusted. */
  readonly chainFault: string | undefined;
  readonly protocol: string | null;
}

/** What to do about a chain that devices refuse. Node.js, "X509 certificate error codes". */
const remedies: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'have the web server send the whole chain: fullchain.pem, not cert.pem',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'have the web server send the whole chain: fullchain.pem, not cert.pem',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'take a certificate of an authority that phones trust, or install this one on each phone',
  SELF_SIGNED_CERT_IN_CHAIN: 'take a certificate of an authority that phones trust, or install this one on each phone',
};

/** The certificate that devices see at the public address: its end, its name, its chain. */
export function certificateCheck(clock: Pick<Clock, 'now'>): DiagnosticCheck {
  return {
    name: 'certificate',
    run: async ({ publicUrl, signal }) => {
      if (publicUrl === undefined) return [{ verdict: 'skipped', message: 'not asked for: give --url' }];
      const { protocol, hostname, port } = new URL(publicUrl);
      if (protocol !== 'https:')
        return [
          { verdict: 'fail', message: `${publicUrl} has no TLS: passwords go in the clear`, remedy: 'use https' },
        ];
      const host = hostname.replace(/^\[|\]$/g, '');
      const presented = await present(host, port === '' ? 443 : Number(port), signal);
      return [chain(presented), name(presented, host), end(presented, clock.now())];
    },
  };
}

function chain({ certificate, chainFault, protocol }: Presented): Finding {
  const issuer = nameOf(certificate.issuer);
  if (chainFault === undefined)
    return { verdict: 'ok', message: `${protocol ?? 'TLS'}, the chain leads to a trusted authority (${issuer})` };
  if (chainFault === 'CERT_HAS_EXPIRED')
    return { verdict: 'fail', message: 'a certificate of the chain has expired', remedy: 'renew it' };
  return {
    verdict: 'fail',
    message: `phones refuse the certificate of ${issuer}: ${chainFault}`,
    remedy:
      remedies[chainFault] ?? 'have the web server send a certificate with its chain of an authority that phones trust',
  };
}

function name({ certificate }: Presented, host: string): Finding {
  const fault = checkServerIdentity(host, certificate);
  if (!fault) return { verdict: 'ok', message: `the certificate is for ${host}` };
  return {
    verdict: 'fail',
    message: `the certificate is not for ${host}, but for ${certificate.subjectaltname ?? 'nobody'}`,
    remedy: `take a certificate with the name ${host}`,
  };
}

function end({ certificate }: Presented, now: number): Finding {
  const days = Math.floor((Date.parse(certificate.valid_to) - now) / day);
  if (Date.parse(certificate.valid_from) > now)
    return {
      verdict: 'fail',
      message: `the certificate is not valid before ${certificate.valid_from}`,
      remedy: 'look at the clocks',
    };
  if (days < 0)
    return { verdict: 'fail', message: `the certificate ended on ${certificate.valid_to}`, remedy: 'renew it' };
  const message = `the certificate is good for ${days} days`;
  return days < soon ? { verdict: 'warn', message, remedy: 'renew it' } : { verdict: 'ok', message };
}

function nameOf({ O, CN }: PeerCertificate['issuer']): string {
  return String(O ?? CN ?? 'an authority without a name');
}

function present(host: string, port: number, signal: AbortSignal): Promise<Presented> {
  return new Promise((resolve, reject) => {
    // Looked at, not relied on: nothing is sent.
    const socket = connect({ host, port, rejectUnauthorized: false, ...(isIP(host) === 0 && { servername: host }) });
    const abort = (): void => void socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', reject).once('close', () => signal.removeEventListener('abort', abort));
    socket.once('secureConnect', () => {
      const fault = socket.authorizationError as unknown;
      // Whether the name fits is told apart.
      const chainFault = socket.authorized || isNameFault(fault) ? undefined : codeOf(fault);
      resolve({ certificate: socket.getPeerCertificate(), chainFault, protocol: socket.getProtocol() });
      socket.destroy();
    });
  });
}

/** Node.js gives a code as text, or an error with a code. */
function codeOf(fault: unknown): string {
  return fault instanceof Error ? ((fault as NodeJS.ErrnoException).code ?? fault.message) : String(fault);
}

function isNameFault(fault: unknown): boolean {
  return codeOf(fault) === 'ERR_TLS_CERT_ALTNAME_INVALID';
}
