import type { Clock, Logger, ScheduledJob } from '@oxtender/bundle-api';
import type { UsmServices } from '../session/usm-services';

const hour = 3_600_000;
/** Milliseconds after which nobody asks for an old move again. */
const moveLifetime = 30 * 24 * hour;

/** Forgets devices that nobody has used for long, and what was only kept for repeats. */
export function cleanUp(
  services: UsmServices,
  { clock, log, unusedDevices }: { clock: Clock; log: Logger; unusedDevices: number },
): ScheduledJob {
  return {
    name: 'usm clean-up',
    every: hour,
    async run({ signal }) {
      const now = clock.now();
      await services.moves.forgetBefore(now - moveLifetime);
      const unused = await services.sessions.store.unusedSince(now - unusedDevices);
      for (const { address, record } of unused) {
        signal.throwIfAborted();
        await services.sessions.store.delete(address);
        services.sessions.changed(address);
        const { contextId, userId, protocol, deviceId, lastSeen } = record;
        log.info('forgot a device that was not used for long', { contextId, userId, protocol, deviceId, lastSeen });
      }
    },
  };
}
