import type { LogFields, Logger, LogLevel } from '@oxtender/bundle-api';

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** Keeps what was logged. */
export class RecordingLogger implements Logger {
  readonly lines: LogLine[] = [];

  trace(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'trace', message, fields });
  }
  debug(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'debug', message, fields });
  }
  info(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', message, fields });
  }
  warn(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'warn', message, fields });
  }
  error(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'error', message, fields });
  }
  child(): Logger {
    return this;
  }
  isEnabled(): boolean {
    return true;
  }
}
