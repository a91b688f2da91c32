import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Message, parseTranscript } from './transcript';

/** The transcripts stand beside the source of this file, not beside its compiled form. */
const folder = join(__dirname, '../../../test/transcripts');

/** All transcripts, by name. */
export function transcriptFiles(): { name: string; path: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => ({ name: file.slice(0, -4), path: join(folder, file) }));
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
