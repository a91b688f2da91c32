import type { Logger } from '@oxtender/bundle-api';

const nothing = (): void => undefined;

/** For an embedding program that gives no logger: framework events still tell it everything. */
export const silentLogger: Logger = Object.freeze({
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLogger,
  isEnabled: () => false,
});
