import type { DiagnosticCheck, DiagnosticRequest, Finding } from '@oxtender/bundle-api';
import { connectionFault } from './connection-fault';
import { basic, Outside, type Reply } from './outside';
import { type Probe, seenIn } from './probe';

export interface PublicAddressParts {
  readonly alias: string;
  /** Bytes of the largest request that the host takes. */
  readonly largestBody: number;
  readonly openProbe: () => Probe;
}

/** What an answer to OPTIONS without a password says of what stands in front. */
const refusals: Readonly<Record<number, readonly [string, string]>> = {
  200: ['is let in without a password', 'another program answers there: have the proxy pass the path on to the host'],
  301: ['is sent elsewhere, which phones do not follow', 'have the proxy answer, not redirect, this path'],
  302: ['is sent elsewhere, which phones do not follow', 'have the proxy answer, not redirect, this path'],
  403: ['is forbidden', 'have the proxy let this path through'],
  404: ['is not found', 'have the proxy pass the path on: packaging/proxy has the configuration'],
  405: ['may not use the method OPTIONS', 'have the proxy allow OPTIONS'],
  502: [
    'gets no answer of the host',
    'compare the proxy’s target with the address of the host: oxtender config get host',
  ],
  503: ['is told to come back later', 'oxtender explain eas says what is missing'],
  504: [
    'waits in vain for the host',
    'compare the proxy’s target with the address of the host: oxtender config get host',
  ],
};

/** Does what devices send reach this host as they sent it? */
export function publicAddressCheck({ alias, largestBody, openProbe }: PublicAddressParts): DiagnosticCheck {
  return {
    name: 'public address',
    run: async (request) => {
      const { publicUrl, signal, resolver } = request;
      if (publicUrl === undefined) return [{ verdict: 'skipped', message: 'not asked for: give --url' }];
      const outside = new Outside(resolver);
      const url = publicUrl + alias;
      try {
        const reply = await outside.ask(url, { method: 'OPTIONS', signal });
        const first = withoutPassword(url, reply);
        if (first.verdict !== 'ok') return [first];
        using probe = openProbe();
        const place = publicUrl + probe.path;
        const seen = await outside.ask(place, { signal });
        const large = await outside.ask(place, { method: 'POST', announced: largestBody, signal });
        return [
          first,
          ...(await withPassword(url, outside, request)),
          ...asSeen(publicUrl, seen),
          largeBody(large, largestBody),
        ];
      } catch (error) {
        return [connectionFault(url, error)];
      }
    },
  };
}

function withoutPassword(url: string, { status, headers }: Reply): Finding {
  const asks = headers['www-authenticate'] ?? '';
  if (status === 401 && /basic/i.test(asks)) return { verdict: 'ok', message: `${url} asks for a password` };
  if (status === 401)
    return {
      verdict: 'fail',
      message: `${url} asks for a login of another kind: ${asks}`,
      remedy: 'phones know Basic only: have the proxy leave the login to the host',
    };
  const [message, remedy] = refusals[status] ?? [`gets status ${status}`, 'see the log of the web server'];
  return { verdict: 'fail', message: `a phone that asks ${url} ${message}`, remedy };
}

/** A password goes out only where TLS protects it. */
async function withPassword(url: string, outside: Outside, request: DiagnosticRequest): Promise<Finding[]> {
  const { credentials, signal } = request;
  if (!credentials || !url.startsWith('https:')) return [];
  const headers = { Authorization: basic(credentials) };
  const reply = await outside.ask(url, { method: 'OPTIONS', headers, signal });
  const versions = reply.headers['ms-asprotocolversions'];
  if (reply.status === 200 && typeof versions === 'string')
    return [{ verdict: 'ok', message: `the test account may use versions ${versions}` }];
  if (reply.status === 200)
    return [
      {
        verdict: 'fail',
        message: 'the answer to OPTIONS has no MS-ASProtocolVersions',
        remedy: 'have the proxy pass on the headers of answers',
      },
    ];
  return [
    {
      verdict: 'fail',
      message: `the test account gets status ${reply.status}`,
      remedy: 'have the proxy pass on the header Authorization; see the check ox login',
    },
  ];
}

function asSeen(publicUrl: string, { status, body, from }: Reply): Finding[] {
  const seen = status === 200 ? seenIn(body) : undefined;
  if (!seen)
    return [
      {
        verdict: 'warn',
        message: `another host, or another program, answers at ${publicUrl} (status ${status})`,
        remedy: 'where several hosts share the load, run oxtender doctor on each; else look at the proxy’s target',
      },
    ];
  const findings: Finding[] = [];
  if (`${seen.protocol}:` !== new URL(publicUrl).protocol)
    findings.push({
      verdict: 'fail',
      message: `the host takes a request by ${new URL(publicUrl).protocol}// for one by ${seen.protocol}://`,
      remedy: 'set host.http.proxy = true, and have the proxy send X-Forwarded-Proto',
    });
  if (isLoopback(seen.address) && from !== undefined && !isLoopback(from))
    findings.push({
      verdict: 'warn',
      message: `the host takes all phones for ${seen.address}: limits by address and the log are of no use`,
      remedy: 'set host.http.proxy = true, and have the proxy send X-Forwarded-For',
    });
  return findings.length > 0
    ? findings
    : [{ verdict: 'ok', message: `requests come to this host, as from ${seen.address}` }];
}

function largeBody({ status }: Reply, bytes: number): Finding {
  const size = `${Math.floor(bytes / 2 ** 20)} MiB`;
  if (status !== 413) return { verdict: 'ok', message: `requests of ${size} are let through` };
  return {
    verdict: 'fail',
    message: `the proxy refuses requests of ${size}: mails with attachments cannot be sent`,
    remedy: 'raise its limit: client_max_body_size (nginx), LimitRequestBody (Apache)',
  };
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
