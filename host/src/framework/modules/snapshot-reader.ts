import { readFileSync } from 'node:fs';
import { argv, stdout } from 'node:process';
import { type HeapSnapshot, retainingPaths } from './retaining-paths';

/** Usage: snapshot-reader <file>. Writes the way to each marked object as JSON, by the marker's label. */
const snapshot = JSON.parse(readFileSync(argv[2] ?? '', 'utf8')) as HeapSnapshot;
stdout.write(JSON.stringify(Object.fromEntries(retainingPaths(snapshot, 'LeakMarker'))));
