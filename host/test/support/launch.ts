import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle, BundleContext, Framework, FrameworkListener } from '@oxtender/bundle-api';
import { EventRecorder, FakeClock, inlineBundle, type InlineBundleOptions } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { HostFramework, type CoreOptions } from '../../src/framework/host-framework';

/** A framework under test, with its clock and its events. */
export interface Launched {
  readonly host: HostFramework;
  readonly framework: Framework;
  readonly context: BundleContext;
  readonly clock: FakeClock;
  readonly events: EventRecorder;
  /** Installs an inline bundle at `test:<name>`, or `test:<name>@<version>`. */
  readonly install: (name: string, options?: InlineBundleOptions) => Promise<Bundle>;
  /** Installs and starts it. */
  readonly start: (name: string, options?: InlineBundleOptions) => Promise<Bundle>;
}

/** Extenders may share the clock. */
export interface LaunchOptions extends Omit<CoreOptions, 'clock'> {
  readonly clock?: FakeClock;
}

const stops: (() => Promise<void>)[] = [];

/** Starts a framework on a fake clock; stopped by `stopAll`. */
export async function launch(options: LaunchOptions = {}): Promise<Launched> {
  const launched = await prepare(options);
  await launched.framework.start();
  await launched.host.events.idle();
  launched.events.clear();
  return launched;
}

/** As `launch`, at start level 0. */
export async function prepare(options: LaunchOptions = {}, ...listeners: FrameworkListener[]): Promise<Launched> {
  const { clock = new FakeClock() } = options;
  const host = new HostFramework({ ...options, clock });
  const framework = host.system;
  stops.push(() => stopPatiently(framework, clock));
  await framework.init(...listeners);
  const context = framework.context!;
  const install = (name: string, inline: InlineBundleOptions = {}): Promise<Bundle> => {
    const location = inline.version === undefined ? `test:${name}` : `test:${name}@${inline.version}`;
    return context.installBundle(location, inlineBundle(name, inline));
  };
  return {
    host,
    framework,
    context,
    clock,
    events: new EventRecorder(context),
    install,
    start: async (name, inline) => {
      const bundle = await install(name, inline);
      await bundle.start();
      return bundle;
    },
  };
}

/** For `afterEach`: stops what `launch` started, and removes the temporary folders. */
export async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** What hangs in the framework is helped over its time-outs. */
async function stopPatiently(framework: Framework, clock: FakeClock): Promise<void> {
  const progress = { stopped: false };
  const stopping = framework.stop().finally(() => (progress.stopped = true));
  while (!progress.stopped) await clock.tick(60_000);
  await stopping;
}

const folders: string[] = [];

/** A folder that `stopAll` removes. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'oxtender-test-'));
  folders.push(folder);
  return folder;
}

/** What a promise is rejected with; fails when it is not, or with another code. */
export async function rejection(
  promise: Promise<unknown>,
  code?: string,
): Promise<Error & { code?: string; details?: unknown }> {
  let error: unknown;
  try {
    await promise;
  } catch (caught) {
    error = caught;
  }
  expect(error, 'a rejection').to.be.instanceOf(Error);
  if (code !== undefined) expect(error, String(error)).to.have.property('code', code);
  return error as Error;
}

/** A promise and the means to settle it. */
export function deferred<T = void>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
} {
  let settlers: Pick<ReturnType<typeof deferred<T>>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<T>((resolve, reject) => (settlers = { resolve, reject }));
  return { promise, ...settlers! };
}
