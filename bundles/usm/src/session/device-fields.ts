import type { SessionFields } from '@oxtender/bundle-api';
import type { DeviceSession } from './device-session';
import type { DeviceSessions } from './device-sessions';

/** The fields that a protocol keeps with a device. */
export class DeviceFields implements SessionFields {
  constructor(
    private readonly sessions: DeviceSessions,
    private readonly session: DeviceSession,
  ) {}

  get(name: string): string | undefined {
    return this.session.field(name);
  }

  set(values: Readonly<Record<string, string | undefined>>): Promise<void> {
    return this.sessions.setFields(this.session, values);
  }
}
