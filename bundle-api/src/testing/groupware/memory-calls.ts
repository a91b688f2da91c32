import { GroupwareError } from '../../services/groupware/groupware-error';
import type { FaultPoints, RecordedCall } from './fault-points';
import type { MemoryStore } from './memory-store';

/** One session's way to the store: every call is counted, recorded, and subject to the fault points. */
export class MemoryCalls {
  /** Calls that this session has made. */
  count = 0;
  disposed = false;
  onDispose: (() => void) | undefined;

  constructor(
    readonly login: string,
    readonly store: MemoryStore,
    private readonly groupware: {
      readonly faults: FaultPoints;
      readonly calls: RecordedCall[];
      loginOf(address: string): string | undefined;
    },
  ) {}

  async run<T>(
    method: string,
    { signal, folderId }: { signal: AbortSignal; folderId?: string },
    work: () => T | Promise<T>,
  ): Promise<T> {
    if (this.disposed) throw new GroupwareError('UNAVAILABLE', 'the session was disposed');
    this.count += 1;
    this.groupware.calls.push({ method, login: this.login, ...(folderId !== undefined && { folderId }) });
    return this.groupware.faults.run(method, signal, work);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.onDispose?.();
  }

  /** The user whose address this is. */
  loginOf(address: string): string | undefined {
    return this.groupware.loginOf(address);
  }
}
