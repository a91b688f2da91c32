import type { Cancellable, Credentials, DeviceIdentity, SyncEngine, SyncSession } from '@oxtender/bundle-api';

/** The transport's door to the user's account. */
export interface Sessions {
  /**
   * Checks a password for a request that no device stands behind.
   *
   * @throws GroupwareError AUTHENTICATION, NOT_ALLOWED, UNAVAILABLE
   */
  verify(credentials: Credentials, options: Cancellable & { address: string; userAgent?: string }): Promise<void>;
  /**
   * Opens the device's session for one request; the caller disposes it.
   *
   * @throws GroupwareError AUTHENTICATION, NOT_ALLOWED, UNAVAILABLE
   * @throws SyncError TOO_MANY_DEVICES, OVERLOADED
   */
  open(
    credentials: Credentials,
    device: DeviceIdentity,
    options: Cancellable & { requestId?: string },
  ): Promise<SyncSession>;
}

/** Sessions of the synchronisation engine. */
export class EngineSessions implements Sessions {
  constructor(private readonly engine: SyncEngine) {}

  verify(credentials: Credentials, options: Cancellable & { address: string; userAgent?: string }): Promise<void> {
    return this.engine.verify({ credentials, ...options });
  }

  async open(
    credentials: Credentials,
    device: DeviceIdentity,
    { signal, requestId }: Cancellable & { requestId?: string },
  ): Promise<SyncSession> {
    const request = requestId === undefined ? {} : { requestId };
    return this.engine.open({ credentials, protocol: 'eas', device, signal, ...request });
  }
}
