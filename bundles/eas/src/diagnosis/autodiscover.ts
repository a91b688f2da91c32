import type { DiagnosticCheck, DiagnosticRequest, Finding } from '@oxtender/bundle-api';
import { mobileSyncResponse } from '../autodiscover/pox-request';
import { connectionFault } from './connection-fault';
import { basic, Outside } from './outside';

/** [MS-ASCMD] "Autodiscover". */
const poxRequest = (address: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/mobilesync/requestschema/2006"><Request>
<EMailAddress>${address.replace(/[<>&"]/g, '')}</EMailAddress><AcceptableResponseSchema>${mobileSyncResponse}</AcceptableResponseSchema>
</Request></Autodiscover>`;

interface Search {
  readonly outside: Outside;
  readonly request: DiagnosticRequest;
  readonly address: string;
  readonly alias: string;
}

/** Does a phone find this server by a mail address alone? */
export function autodiscoverCheck(alias: string): DiagnosticCheck {
  return {
    name: 'autodiscover',
    run: async (request) => {
      const { domain, credentials, resolver } = request;
      if (domain === undefined)
        return [{ verdict: 'skipped', message: 'not looked for: give --domain, or --user with a mail address' }];
      const outside = new Outside(resolver);
      const address = credentials?.login.endsWith(`@${domain}`) ? credentials.login : `doctor@${domain}`;
      const { places, findings } = await lookUp(outside, domain);
      const answers = await Promise.all(places.map((place) => askPlace(place, { outside, request, address, alias })));
      return [...findings, ...answers.flat()];
    },
  };
}

async function lookUp(outside: Outside, domain: string): Promise<{ places: string[]; findings: Finding[] }> {
  const name = `autodiscover.${domain}`;
  const record = `_autodiscover._tcp.${domain}`;
  const [addresses, services] = await Promise.all([outside.addresses(name), outside.services(record)]);
  const places = [
    ...(addresses.length > 0 ? [`https://${name}`] : []),
    ...services.map((service) => `https://${service.name}${service.port === 443 ? '' : `:${service.port}`}`),
  ];
  const findings: Finding[] = [];
  if (addresses.length > 0) findings.push({ verdict: 'ok', message: `${name} is ${addresses.join(', ')}` });
  else
    findings.push({
      verdict: services.length > 0 ? 'warn' : 'fail',
      message: `there is no name ${name}`,
      remedy: `${name}. CNAME of the name by which phones reach this server`,
    });
  for (const service of services)
    findings.push({ verdict: 'ok', message: `${record} names ${service.name}, port ${service.port}` });
  return { places: [...new Set(places)], findings };
}

async function askPlace(place: string, search: Search): Promise<Finding[]> {
  try {
    return [await askJson(place, search), await askPox(place, search)];
  } catch (error) {
    return [connectionFault(place, error)];
  }
}

async function askJson(place: string, { outside, request, address, alias }: Search): Promise<Finding> {
  const query = new URLSearchParams({ Email: address, Protocol: 'ActiveSync' });
  const { status, body } = await outside.ask(`${place}/autodiscover/autodiscover.json?${query.toString()}`, {
    signal: request.signal,
  });
  const url = status === 200 ? urlIn(body) : undefined;
  if (url === undefined) return notPassedOn(`${place}/autodiscover/autodiscover.json`, status);
  return compare(`${place} (JSON)`, url, request.publicUrl, alias);
}

async function askPox(place: string, { outside, request, address, alias }: Search): Promise<Finding> {
  const { credentials, signal, publicUrl } = request;
  const { status, body } = await outside.ask(`${place}/autodiscover/autodiscover.xml`, {
    method: 'POST',
    headers: {
      'Content-Type': 'text/xml; charset=utf-8',
      ...(credentials && { Authorization: basic(credentials) }),
    },
    body: poxRequest(address),
    signal,
  });
  if (status === 401 && !credentials) return { verdict: 'ok', message: `${place} (XML) asks for a password` };
  const url = /<Url>([^<]+)<\/Url>/.exec(body)?.[1];
  if (status !== 200 || url === undefined) return notPassedOn(`${place}/autodiscover/autodiscover.xml`, status);
  return compare(`${place} (XML)`, url, publicUrl, alias);
}

/** A phone believes what it is told: it had better be the public address. */
function compare(place: string, url: string, publicUrl: string | undefined, alias: string): Finding {
  const message = `${place} sends phones to ${url}`;
  if (publicUrl === undefined || url === publicUrl + alias) return { verdict: 'ok', message };
  return {
    verdict: 'fail',
    message: `${message}, and not to ${publicUrl}${alias}`,
    remedy: `set com.openexchange.usm.eas.autodiscover.url = ${publicUrl} in eas.properties`,
  };
}

function notPassedOn(url: string, status: number): Finding {
  return {
    verdict: 'fail',
    message: `${url} answers with status ${status}, and names no server`,
    remedy:
      'have the proxy pass /autodiscover on, in any spelling: packaging/proxy has the configuration; oxtender explain eas',
  };
}

function urlIn(body: string): string | undefined {
  try {
    const url = (JSON.parse(body) as { Url?: unknown } | null)?.Url;
    return typeof url === 'string' ? url : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
