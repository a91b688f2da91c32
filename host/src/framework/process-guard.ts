import { sep } from 'node:path';
import type { Bundle } from '@oxtender/bundle-api';
import type { HostFramework } from './host-framework';

/**
 * A rejection that a bundle leaves unhandled is an ERROR of that bundle and not the end of the process (rule X6). It
 * belongs to the bundle whose code is nearest to where the error was made; what belongs to no bundle stays fatal.
 */
export function guardProcess(host: HostFramework): Disposable {
  const onRejection = (reason: unknown): void => {
    const bundle = ownerOf(host, reason);
    if (!bundle) throw reason;
    host.report('ERROR', bundle, reason, 'a promise was rejected and nobody handled it');
  };
  process.on('unhandledRejection', onRejection);
  return { [Symbol.dispose]: () => void process.off('unhandledRejection', onRejection) };
}

/** The bundle in whose folder the innermost frame of the error, or of its cause, lies. */
export function ownerOf(host: HostFramework, error: unknown): Bundle | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    for (const frame of (each.stack ?? '').split('\n')) {
      for (const { current, previous, bundle } of host.bundles) {
        if (isIn(frame, current.content.folder) || isIn(frame, previous?.content.folder)) return bundle;
      }
    }
  }
  return undefined;
}

const isIn = (frame: string, folder: string | undefined): boolean =>
  folder !== undefined && frame.includes(folder + sep);
