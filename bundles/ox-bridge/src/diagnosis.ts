import {
  type Clock,
  type DiagnosticCheck,
  type Finding,
  type GroupwareErrorCode,
  isOxtenderError,
} from '@oxtender/bundle-api';
import type { OxBridge } from './bridge';
import { looksLikeOx } from './health';
import type { NodeAnswer, OxNode } from './http/ox-node';

/** Milliseconds that an OX server may take for a request that costs it nothing. */
const slow = 1000;

/** Seconds by which the clock of OX may differ. */
const clockSkew = { some: 2, much: 60 };

/** What to do when a login fails. */
const remedies: Partial<Record<GroupwareErrorCode, string>> = {
  AUTHENTICATION:
    'compare user name and password by logging in to the web page of OX; see login_pattern in eas.properties',
  NOT_ALLOWED: 'give the user the capability active_sync (modules/com.openexchange.usm.eas/module)',
  UNAVAILABLE: 'see the log of OX, and ox.url in ox-bridge.properties',
};

/** What `oxtender doctor` looks at in OX. */
export function oxChecks(bridge: OxBridge, node: OxNode, clock: Pick<Clock, 'now'>): DiagnosticCheck[] {
  const hello = (signal: AbortSignal): Promise<NodeAnswer> =>
    node.exchange({ method: 'GET', path: '/config/currentTime?session=none', headers: {}, signal, repeatable: true });
  return [
    { name: 'ox', run: async ({ signal }) => [await reachable(node.url, () => hello(signal))] },
    { name: 'ox clock', run: async ({ signal }) => [compareClocks(await hello(signal), clock.now())] },
    {
      name: 'ox login',
      run: async ({ credentials, signal }) => {
        if (!credentials) return [{ verdict: 'skipped', message: 'not tried: give --user with a test account' }];
        try {
          return await loginFindings(bridge, credentials, signal);
        } catch (error) {
          return [refusal(error)];
        }
      },
    },
  ];
}

async function reachable(url: string, hello: () => Promise<NodeAnswer>): Promise<Finding> {
  const started = performance.now();
  try {
    const answer = await hello();
    const time = Math.round(performance.now() - started);
    if (!looksLikeOx(answer))
      return {
        verdict: 'fail',
        message: `${url} answers with status ${answer.status}, and not as an OX server`,
        remedy: 'set ox.url in ox-bridge.properties: …/appsuite/api for OX 7 and 8, …/ajax for older ones',
      };
    const message = `${url} answers as an OX server within ${time} ms`;
    if (time <= slow) return { verdict: 'ok', message };
    return { verdict: 'warn', message, remedy: 'look at the load of OX and at the network on the way' };
  } catch (error) {
    const reason = error instanceof Error ? causesOf(error) : String(error);
    return {
      verdict: 'fail',
      message: `${url} does not answer: ${reason}`,
      remedy: 'start OX, look at name, port and firewall, and compare ox.url in ox-bridge.properties',
    };
  }
}

/** By the header Date, which has whole seconds. */
function compareClocks({ headers }: NodeAnswer, now: number): Finding {
  const told = Date.parse(String(headers['date'] ?? ''));
  if (Number.isNaN(told)) return { verdict: 'skipped', message: 'OX sends no header Date' };
  const skew = Math.round(Math.abs(told + 500 - now) / 1000);
  if (skew <= clockSkew.some) return { verdict: 'ok', message: 'the clocks of this host and of OX agree' };
  return {
    verdict: skew > clockSkew.much ? 'fail' : 'warn',
    message: `the clocks of this host and of OX differ by ${skew} s`,
    remedy: 'have both follow the same time servers (timedatectl)',
  };
}

async function loginFindings(
  bridge: OxBridge,
  credentials: Parameters<OxBridge['login']>[0],
  signal: AbortSignal,
): Promise<Finding[]> {
  const { user, classes, version } = await bridge.examine(credentials, { signal });
  const findings: Finding[] = [
    {
      verdict: 'ok',
      message: `${credentials.login} is user ${user.userId} in context ${user.contextId}, ${user.primaryAddress}`,
    },
    version === undefined
      ? { verdict: 'warn', message: 'OX does not tell its version' }
      : { verdict: 'ok', message: `OX ${version}` },
  ];
  if (user.primaryAddress === '')
    findings.push({
      verdict: 'warn',
      message: 'the user has no mail address',
      remedy: 'give the user one: nothing can be sent without',
    });
  if (classes.size === 0)
    findings.push({
      verdict: 'fail',
      message: 'the user has no module that could be synchronised',
      remedy: 'give the user webmail, contacts, calendar or tasks',
    });
  return findings;
}

function refusal(error: unknown): Finding {
  const remedy = isOxtenderError(error) ? remedies[error.code as GroupwareErrorCode] : undefined;
  return {
    verdict: 'fail',
    message: `the login failed: ${error instanceof Error ? causesOf(error) : String(error)}`,
    ...(remedy !== undefined && { remedy }),
  };
}

/** Of an error that was translated, the first cause tells most. */
function causesOf(error: Error): string {
  const texts = [error.message];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) texts.push(cause.message);
  return texts.filter((text) => text !== '').join(': ');
}
