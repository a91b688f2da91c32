import type { Clock, GroupwareSession } from '@oxtender/bundle-api';
import type { OxConfig } from '../../src';
import type { Imitation, OxSandboxOptions } from '@oxtender/ox-sandbox';
import { SandboxServer, bridgeTo } from './sandbox';
import { type Script, ScriptedServer } from './scripted-server';
import type { RecordingLog, RecordingMetrics } from './services';

/** For calls that nobody cancels. */
export const signal: AbortSignal = new AbortController().signal;

export const anna = { login: 'anna@example.com', password: 'secret' };

/** A bridge on a scripted server. */
export interface ScriptedBridge extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly bridge: ReturnType<typeof bridgeTo>['bridge'];
  readonly log: RecordingLog;
  readonly metrics: RecordingMetrics;
  login(): Promise<GroupwareSession>;
}

export async function scripted(
  script: Readonly<Record<string, Script>>,
  config: Partial<OxConfig> = {},
  clock?: Clock,
): Promise<ScriptedBridge> {
  const server = await ScriptedServer.start(script);
  const { bridge, log, metrics } = bridgeTo(server.url, { 'ox.watch.mode': 'poll', ...config }, clock);
  return {
    server,
    bridge,
    log,
    metrics,
    login: () => bridge.login(anna, { signal }),
    [Symbol.asyncDispose]: async () => {
      await bridge[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

export const alice = { login: 'alice@example.com', password: 'secret' };
export const bob = { login: 'bob@example.com', password: 'secret' };

/** A bridge on the sandbox. */
export interface SandboxBridge extends AsyncDisposable {
  readonly server: SandboxServer;
  readonly bridge: ReturnType<typeof bridgeTo>['bridge'];
  readonly log: RecordingLog;
  readonly metrics: RecordingMetrics;
  login(who?: { login: string; password: string }): Promise<GroupwareSession>;
}

export async function sandboxed(
  imitate: Imitation,
  config: Partial<OxConfig> = {},
  options: Partial<OxSandboxOptions> = {},
): Promise<SandboxBridge> {
  const server = await SandboxServer.start(imitate, options);
  const { bridge, log, metrics } = bridgeTo(server.url, { 'ox.watch.mode': 'poll', ...config });
  return {
    server,
    bridge,
    log,
    metrics,
    login: (who = alice) => bridge.login(who, { signal }),
    [Symbol.asyncDispose]: async () => {
      await bridge[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Text as a stream of bytes. */
export async function* streamOf(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(typeof text === 'string' ? Buffer.from(text, 'utf8') : text);
}
