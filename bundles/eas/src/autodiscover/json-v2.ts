import { AutodiscoverError } from './autodiscover-error';

/** Protocols that clients ask for, and which of them are served here. */
const protocols = {
  activesync: 'ActiveSync',
  autodiscoverv1: 'AutodiscoverV1',
} as const;
const foreign = new Set(['ews', 'rest', 'outlookrest', 'substrate', 'substratesearchservice', 'msoauth', 'actions']);

/** Autodiscover version 2, as Outlook for phones and newer clients ask: no password, no body. */
export interface JsonRequest {
  readonly address: string;
  readonly protocol: (typeof protocols)[keyof typeof protocols];
  /** How often the client was sent elsewhere already. */
  readonly redirects: number;
}

/**
 * @param pathAddress - what follows `/autodiscover.json/v1.0/`, still encoded
 * @throws AutodiscoverError MISSING_PARAMETER, BAD_ADDRESS, INVALID_PROTOCOL, PROTOCOL_NOT_SUPPORTED
 */
export function readJsonRequest(pathAddress: string | undefined, query: URLSearchParams): JsonRequest {
  const parameters = new Map([...query].map(([name, value]) => [name.toLowerCase(), value.trim()]));
  const address = (pathAddress === undefined ? parameters.get('email') : decodePath(pathAddress)) ?? '';
  const asked = parameters.get('protocol') ?? '';
  if (asked === '') {
    throw new AutodiscoverError(
      'MISSING_PARAMETER',
      "A valid value must be provided for the query parameter 'Protocol'",
    );
  }
  const known = asked.toLowerCase();
  if (foreign.has(known))
    throw new AutodiscoverError('PROTOCOL_NOT_SUPPORTED', `The protocol '${asked}' is not supported`);
  if (!isProtocol(known)) {
    const supported = Object.values(protocols).join(',');
    const text = `The given protocol value '${asked}' is invalid. Supported values are '${supported}'`;
    throw new AutodiscoverError('INVALID_PROTOCOL', text);
  }
  if (address === '') {
    throw new AutodiscoverError('MISSING_PARAMETER', "A valid value must be provided for the query parameter 'Email'");
  }
  return { address, protocol: protocols[known], redirects: Number(parameters.get('redirectcount')) || 0 };
}

function isProtocol(name: string): name is keyof typeof protocols {
  return Object.hasOwn(protocols, name);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new AutodiscoverError('BAD_ADDRESS', 'the address in the path is not encoded as UTF-8', { cause });
  }
}
