import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Message, parseTranscript } from './transcript';

/** The transcripts stand beside the source of this file, not beside its compiled form. */
const folder = join(__dirname, '../../../test/transcripts');

/** All transcripts, by name. @param others - names of some that need not have been written yet */
export function transcriptFiles(others: Iterable<string> = []): { name: string; path: string }[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.txt'));
  const names = new Set([...files.map((file) => file.slice(0, -4)), ...others]);
  return [...names].sort().map((name) => ({ name, path: join(folder, `${name}.txt`) }));
}

/** A request or an answer, and what stands behind the endpoint. */
export interface RecordedMessage extends Message {
  readonly world: string;
}

/** All requests and answers in them. */
export function allMessages(): RecordedMessage[] {
  return transcriptFiles()
    .map(({ path }) => parseTranscript(readFileSync(path, 'utf8')))
    .flatMap(({ world, exchanges }) => exchanges.map((exchange) => ({ world, ...exchange })))
    .flatMap(({ world, request, answer }) => [request, ...(answer ? [answer] : [])].map((one) => ({ world, ...one })));
}
