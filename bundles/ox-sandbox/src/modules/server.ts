import type { Logger } from '@oxtender/bundle-api';
import type { EnvelopeStyle } from '../envelope/envelope';
import type { OxError } from '../envelope/ox-error';
import type { OxSandboxOptions } from '../options';
import type { Events } from '../push/events';
import type { Session, Sessions } from '../session/sessions';
import type { Contexts } from '../store/contexts';

/** What actions need of the server beside their session. */
export interface OxServer {
  readonly options: OxSandboxOptions;
  readonly contexts: Contexts;
  readonly sessions: Sessions;
  readonly events: Events;
  readonly log: Logger | undefined;
  /** How envelopes are written. */
  readonly style: EnvelopeStyle;
  now(): number;
  /** Breaks a part of `multiple` where a test wants that. @throws OxError */
  beforePart(session: Session, module: string, action: string): Promise<void> | undefined;
  /** Anything else than an error of the API is this server's fault: logged, and told as such. */
  toOxError(cause: unknown): OxError;
}
