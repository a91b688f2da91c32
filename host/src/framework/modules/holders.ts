import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeHeapSnapshot } from 'node:v8';

/** Points at an object in the snapshot; the analyser finds it by the name of this class. */
export class LeakMarker {
  constructor(
    readonly label: string,
    readonly target: object,
  ) {}
}

/**
 * The shortest way from a root of the garbage collector to each object. The process stands still while the snapshot is
 * written; it is read by a process of its own, as that takes several times its size.
 */
export async function holdersOf(objects: readonly WeakRef<object>[]): Promise<Map<WeakRef<object>, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'oxtender-heap-'));
  try {
    const file = snapshot(join(folder, 'host.heapsnapshot'), objects);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--max-old-space-size=8192', join(__dirname, 'snapshot-reader.js'), file],
      { maxBuffer: 2 ** 26 },
    );
    const paths = JSON.parse(stdout) as Record<string, string[]>;
    return new Map(objects.map((object, index) => [object, paths[String(index)] ?? []]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function snapshot(file: string, objects: readonly WeakRef<object>[]): string {
  const markers = objects.flatMap((object, index) => {
    const target = object.deref();
    return target ? [new LeakMarker(String(index), target)] : [];
  });
  writeHeapSnapshot(file);
  markers.length = 0; // alive until here
  return file;
}
