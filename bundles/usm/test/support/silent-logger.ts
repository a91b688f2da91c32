import type { Logger } from '@oxtender/bundle-api';

const silent = (): void => undefined;

export const silentLogger: Logger = {
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  child: () => silentLogger,
  isEnabled: () => false,
};
