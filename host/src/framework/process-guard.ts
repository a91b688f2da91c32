import { dirname, sep } from 'node:path';
import type { Bundle } from '@oxtender/bundle-api';
import type { HostFramework } from './host-framework';

/**
 * What a bundle throws where nobody catches it, and a rejection that nobody handles, is an ERROR of that bundle and not the
 * end of the process (rule X6). It belongs to the bundle whose code is nearest to where the error was made. An exception
 * that belongs to none stays fatal; a rejection without a trace, as of a value that is no error, is one of the host.
 */
export function guardProcess(host: HostFramework): Disposable {
  const onRejection = (reason: unknown): void => {
    const bundle = ownerOf(host, reason) ?? host.system;
    if (bundle === host.system && isOurs(reason)) throw reason;
    host.report('ERROR', bundle, reason, 'a promise was rejected and nobody handled it');
  };
  const onException = (error: unknown): void => {
    const bundle = ownerOf(host, error);
    if (!bundle) throw error;
    host.report('ERROR', bundle, error, 'an exception was thrown and nobody caught it');
  };
  process.on('unhandledRejection', onRejection).on('uncaughtException', onException);
  return {
    [Symbol.dispose]: () => void process.off('unhandledRejection', onRejection).off('uncaughtException', onException),
  };
}

/** Made by the host's own code. */
function isOurs(error: unknown): boolean {
  return error instanceof Error && isIn(error.stack ?? '', ownCode);
}

/** The folder that the host's compiled code is in. */
const ownCode = dirname(__dirname);

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
