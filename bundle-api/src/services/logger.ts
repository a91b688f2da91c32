import { serviceToken } from '../framework/token';

/** Structured fields of a log line. Never a password, a mail body or a full address book entry. @public */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * A bundle's log. The message is a constant text, data goes into fields:
 * `log.info('sync finished', { device, collection, added })`.
 *
 * @public
 */
export interface Logger {
  /** Bytes and steps; off unless somebody hunts a fault. */
  trace(message: string, fields?: LogFields): void;
  /** What a developer wants to know. */
  debug(message: string, fields?: LogFields): void;
  /** What an operator wants to know of a normal day. */
  info(message: string, fields?: LogFields): void;
  /** Something is wrong, and the bundle goes on; the message says what to do. */
  warn(message: string, fields?: LogFields): void;
  /** Put a caught error into the field `error`: its cause chain is written. */
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line; `name` is appended to the logger's name. */
  child(fields: LogFields, name?: string): Logger;
  /** True when a line of this level would be written. */
  isEnabled(level: 'trace' | 'debug' | 'info' | 'warn' | 'error'): boolean;
}

/** Host constant, one per bundle: `@Inject(Logger)`. @public */
export const Logger = serviceToken<Logger>('host.Logger');
