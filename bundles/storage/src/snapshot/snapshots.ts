import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Cancellable, DatabaseError } from '@oxtender/bundle-api';
import type { SnapshotMessage, SnapshotReport, SnapshotTask } from './snapshot-worker';

export interface SnapshotOptions extends Cancellable {
  readonly progress?: (percent: number) => void;
}

/**
 * Copies the database as it is at one moment, while it is written to, and checks the copy. In a thread of its own: the event loop
 * goes on.
 *
 * @throws DatabaseError UNAVAILABLE
 */
export async function copyDatabase(from: string, to: string, options: SnapshotOptions): Promise<SnapshotReport> {
  const report = await inThread({ kind: 'copy', from, to }, options);
  const file = await open(to, 'r+');
  try {
    await file.chmod(0o600);
    await file.sync();
  } finally {
    await file.close();
  }
  return report;
}

/** Reads the whole file. @throws DatabaseError UNAVAILABLE when it is damaged, or no database */
export function checkDatabase(file: string, options: Cancellable): Promise<SnapshotReport> {
  return inThread({ kind: 'check', file }, options);
}

async function inThread(task: SnapshotTask, { signal, progress }: SnapshotOptions): Promise<SnapshotReport> {
  signal.throwIfAborted();
  const worker = new Worker(join(__dirname, 'snapshot-worker.js'), { workerData: task });
  const end = (): void => void worker.terminate();
  signal.addEventListener('abort', end, { once: true });
  try {
    return await new Promise<SnapshotReport>((resolve, reject) => {
      worker.on('message', (message: SnapshotMessage) => {
        if (message.kind === 'done') resolve(message.report);
        else progress?.(message.percent);
      });
      worker.once('error', (cause) => reject(new DatabaseError('UNAVAILABLE', cause.message, { cause })));
      worker.once('exit', () => {
        reject(signal.aborted ? (signal.reason as Error) : new DatabaseError('UNAVAILABLE', 'the thread ended'));
      });
    });
  } finally {
    signal.removeEventListener('abort', end);
    await worker.terminate();
  }
}
