import type { Logger } from '@oxtender/bundle-api';
import type { OxSandboxOptions } from '../options';
import type { Events } from '../push/events';
import type { Sessions } from '../session/sessions';
import type { Contexts } from '../store/contexts';

/** What actions need of the server beside their session. */
export interface OxServer {
  readonly options: OxSandboxOptions;
  readonly contexts: Contexts;
  readonly sessions: Sessions;
  readonly events: Events;
  readonly log: Logger | undefined;
  now(): number;
}
