import type { LogLevel } from '@oxtender/bundle-api';
import type { LogLevels } from '../log/log-levels';
import { isLogLevel } from '../log/log-levels';
import { frameworkSchema } from './framework-schema';

/** What the host itself is configured by: PID `host`, file `host.properties`, and `--set host.…=`. Times in milliseconds. */
export interface HostSettings {
  readonly 'host.http.port': number;
  readonly 'host.http.address': string;
  readonly 'host.http.proxy': boolean;
  readonly 'host.http.proxies': number;
  readonly 'host.http.trustedProxies': readonly string[];
  readonly 'host.http.headersTimeout': number;
  readonly 'host.http.bodySilence': number;
  readonly 'host.http.headerSize': number;
  readonly 'host.http.tls.certificate': string;
  readonly 'host.http.tls.key': string;
  readonly 'host.http.tls.passphrase': string;
  readonly 'host.http.tls.port': number;
  readonly 'host.http.tls.address': string;
  readonly 'host.http.tls.minVersion': 'TLSv1.2' | 'TLSv1.3';
  readonly 'host.http.drainTimeout': number;
  readonly 'host.http.retryAfter': number;
  readonly 'host.http.disabledStatus': 404 | 503;
  readonly 'host.http.maxBody': number;
  readonly 'host.components.drainTimeout': number;
  readonly 'host.components.patience': number;
  readonly 'host.health.expected': readonly string[];
  readonly 'host.log.level': LogLevel;
  readonly 'host.log.levels': readonly string[];
  readonly 'host.traces.endpoint': string;
  readonly 'host.traces.ratio': number;
  readonly 'host.memory.growth': number;
  readonly 'host.disabled': readonly string[];
  readonly 'host.deploy.startNew': boolean;
  readonly 'host.deploy.onRemove': 'uninstall' | 'stop' | 'ignore';
}

const milliseconds = { type: 'integer', minimum: 0 } as const;

/** JSON Schema of {@link HostSettings}. */
export const hostSchema = {
  type: 'object',
  title: 'The host',
  properties: {
    ...frameworkSchema,
    'host.http.port': {
      type: 'integer',
      minimum: 0,
      maximum: 65_535,
      default: 8080,
      title: 'Port; 0: any free one',
      'x-restart': 'host',
    },
    'host.http.address': { type: 'string', default: '127.0.0.1', title: 'Address to listen on', 'x-restart': 'host' },
    'host.http.proxy': {
      type: 'boolean',
      default: false,
      title: 'Trust X-Forwarded-* of a proxy',
      'x-restart': 'host',
    },
    'host.http.proxies': {
      type: 'integer',
      minimum: 1,
      default: 1,
      title: 'Proxies in a row: that many addresses at the end of X-Forwarded-For are believed',
      'x-restart': 'host',
    },
    'host.http.trustedProxies': {
      type: 'array',
      items: { type: 'string', pattern: '^[0-9a-fA-F.:]+(/[0-9]{1,3})?$' },
      default: ['127.0.0.0/8', '::1'],
      title: 'Where proxies are: X-Forwarded-* from other addresses is not believed',
      'x-restart': 'host',
    },
    'host.http.headersTimeout': {
      ...milliseconds,
      minimum: 100,
      default: 30_000,
      title: 'Time from the first byte of a request to the end of its headers, milliseconds',
      'x-restart': 'host',
    },
    'host.http.bodySilence': {
      ...milliseconds,
      default: 60_000,
      title: 'Time without a byte of a body that is not complete, milliseconds; 0: any',
      'x-restart': 'host',
    },
    'host.http.headerSize': {
      type: 'integer',
      minimum: 4096,
      default: 16_384,
      title: 'Bytes of all headers of a request',
      'x-restart': 'host',
    },
    'host.http.tls.certificate': {
      type: 'string',
      default: '',
      title:
        'PEM file of the certificate with its chain, for TLS by the host itself; read again when it changes. Empty: no TLS',
      'x-restart': 'host',
    },
    'host.http.tls.key': { type: 'string', default: '', title: 'PEM file of its private key', 'x-restart': 'host' },
    'host.http.tls.passphrase': {
      type: 'string',
      default: '',
      title: 'Passphrase of the private key',
      'x-secret': true,
      'x-restart': 'host',
    },
    'host.http.tls.port': {
      type: 'integer',
      minimum: 0,
      maximum: 65_535,
      default: 8443,
      title: 'Port with TLS; 0: any free one',
      'x-restart': 'host',
    },
    'host.http.tls.address': {
      type: 'string',
      default: '0.0.0.0',
      title: 'Address to listen on with TLS',
      'x-restart': 'host',
    },
    'host.http.tls.minVersion': {
      enum: ['TLSv1.2', 'TLSv1.3'],
      type: 'string',
      default: 'TLSv1.2',
      title: 'Oldest version of TLS that is spoken',
      'x-restart': 'host',
    },
    'host.http.drainTimeout': {
      ...milliseconds,
      default: 10_000,
      title: 'Time of requests in flight when their bundle stops',
    },
    'host.http.retryAfter': { type: 'integer', minimum: 1, default: 30, title: 'Seconds in Retry-After of a 503' },
    'host.http.disabledStatus': {
      enum: [404, 503],
      type: 'integer',
      default: 404,
      title: 'Answer on the paths of a disabled bundle',
    },
    'host.http.maxBody': {
      type: 'integer',
      minimum: 0,
      default: 134_217_728,
      title: 'Bytes of a request body; 0: any',
      'x-restart': 'host',
    },
    'host.components.drainTimeout': {
      ...milliseconds,
      default: 10_000,
      title: 'Time of the users of a component that goes',
      'x-restart': 'host',
    },
    'host.components.patience': {
      ...milliseconds,
      default: 10_000,
      title: 'Time that a start waits for components',
      'x-restart': 'host',
    },
    'host.health.expected': {
      type: 'array',
      items: { type: 'string' },
      default: [],
      title: 'Health checks that must be there',
    },
    'host.log.level': { enum: ['trace', 'debug', 'info', 'warn', 'error'], default: 'info', title: 'Level of the log' },
    'host.log.levels': {
      type: 'array',
      items: { type: 'string', pattern: '^[^=]+=(trace|debug|info|warn|error)$' },
      default: [],
      title: 'Levels by prefix: oxtender.eas=debug',
    },
    'host.traces.endpoint': {
      type: 'string',
      pattern: '^(https?://.+)?$',
      default: '',
      title: 'URL of a collector of traces (OTLP by HTTP): http://localhost:4318/v1/traces; empty: no traces',
      'x-restart': 'host',
    },
    'host.traces.ratio': {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 1,
      title: 'Part of the requests that is traced',
      'x-restart': 'host',
    },
    'host.memory.growth': {
      type: 'integer',
      minimum: 0,
      maximum: 300,
      default: 70,
      title:
        'Percent by which the heap may outgrow what is alive in it before it is collected, under load; at rest 10 at most; 0: as Node.js has it',
      'x-restart': 'host',
    },
    'host.deploy.startNew': {
      type: 'boolean',
      default: true,
      title: 'Start bundles that are new in the deploy folder',
      'x-restart': 'host',
    },
    'host.deploy.onRemove': {
      enum: ['uninstall', 'stop', 'ignore'],
      default: 'uninstall',
      title: 'When a file is taken out of the deploy folder',
      'x-restart': 'host',
    },
    'host.disabled': {
      type: 'array',
      items: { type: 'string' },
      default: [],
      title: 'Patterns of bundles that must not run',
    },
  },
} as const;

/** As {@link LogLevels.assign} takes them. */
export function logLevelsOf(settings: HostSettings): Parameters<LogLevels['assign']>[0] {
  const levels: Record<string, LogLevel> = { '': settings['host.log.level'] };
  for (const entry of settings['host.log.levels']) {
    const [prefix = '', level = ''] = entry.split('=');
    if (isLogLevel(level)) levels[prefix] = level;
  }
  return levels;
}
