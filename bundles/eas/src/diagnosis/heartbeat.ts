import type { Clock, DiagnosticCheck, Finding } from '@oxtender/bundle-api';
import { Outside } from './outside';
import { type Probe, seenIn } from './probe';

/** Seconds that the shipped configurations of proxies allow, with something to spare for the answer. */
const proxyTimeout = 3700;
const spare = 60;

export interface HeartbeatParts {
  /** Seconds that a device may wait. */
  readonly longest: number;
  readonly clock: Clock;
  readonly openProbe: () => Probe;
}

/** Do requests that wait for minutes survive what stands in front? */
export function heartbeatCheck({ longest, clock, openProbe }: HeartbeatParts): DiagnosticCheck {
  return {
    name: 'heartbeat',
    run: async ({ publicUrl, hold, resolver, signal }) => {
      const findings = [limit(longest)];
      if (publicUrl === undefined || hold === undefined) {
        const message = 'no request was held: give --url and --hold heartbeat, or --hold with seconds';
        return [...findings, { verdict: 'skipped', message }];
      }
      const milliseconds = hold === 'heartbeat' ? longest * 1000 : hold;
      using probe = openProbe();
      const begin = clock.now();
      const url = `${publicUrl}${probe.path}?hold=${milliseconds}`;
      const outcome = await new Outside(resolver).ask(url, { signal }).then(
        ({ status, body }) => (status === 200 && seenIn(body) ? undefined : `status ${status}`),
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      signal.throwIfAborted();
      return [...findings, held(milliseconds / 1000, (clock.now() - begin) / 1000, outcome)];
    },
  };
}

function limit(longest: number): Finding {
  const message = `phones wait for up to ${longest} s (ping.max_heartbeat)`;
  if (longest + spare <= proxyTimeout) return { verdict: 'ok', message };
  return {
    verdict: 'warn',
    message: `${message}, and the proxies’ configurations that come with the host allow ${proxyTimeout} s`,
    remedy: `set com.openexchange.usm.eas.ping.max_heartbeat to at most ${proxyTimeout - spare}, or raise the time-out of the proxy`,
  };
}

function held(wanted: number, lasted: number, outcome: string | undefined): Finding {
  if (outcome === undefined) return { verdict: 'ok', message: `a request was held for ${Math.round(lasted)} s` };
  const seconds = Math.floor(lasted);
  if (seconds < 1)
    return {
      verdict: 'fail',
      message: `a request could not be held: ${outcome}`,
      remedy: 'see the check public address',
    };
  return {
    verdict: 'fail',
    message: `a request that was to wait ${wanted} s ended after ${seconds} s: ${outcome}`,
    remedy: `raise the time-out of what stands in front (proxy_read_timeout, ProxyTimeout, timeout server, firewall), or set com.openexchange.usm.eas.ping.max_heartbeat below ${seconds}`,
  };
}
