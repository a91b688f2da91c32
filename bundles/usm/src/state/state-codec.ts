import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { CollectionState, type StateHeader, type TellingItem } from './collection-state';
import { Mark } from './entry';
import { Segment } from './segment';
import { StateFormatError } from './state-format-error';

/**
 * Format of what is stored in `USMDataStorage.element`, its first byte. A format once released is read for ever; a
 * change of it gets the next number and a reader of its own.
 */
const currentFormat = 1;

const kinds: readonly TellingItem['kind'][] = ['add', 'change', 'flags', 'delete', 'softDelete'];
const markCount = Object.keys(Mark).length;

export function encodeState(state: CollectionState): Buffer {
  const out = new ByteWriter();
  out.byte(currentFormat);
  writeHeader(out, state.header);
  out.uint(state.segments.length);
  for (const segment of state.segments) {
    const packed = segment.pack();
    out.text(segment.firstId);
    segment.counts.forEach((count) => out.uint(count));
    out.uint(packed.length);
    out.raw(packed);
  }
  return out.finish();
}

/** The items stay packed until somebody looks. @throws StateFormatError */
export function decodeState(bytes: Uint8Array): CollectionState {
  const input = new ByteReader(bytes);
  const format = input.byte();
  if (format !== currentFormat) throw new StateFormatError('UNKNOWN_FORMAT', `a state of the unknown format ${format}`);
  const header = readHeader(input);
  const segments = Array.from({ length: input.uint() }, () => {
    const firstId = input.text();
    const counts = Array.from({ length: markCount }, () => input.uint());
    return Segment.packed(firstId, counts, input.raw(input.uint()));
  });
  return new CollectionState(header, segments);
}

function writeHeader(out: ByteWriter, { token, since, incompleteOnly, moreAvailable, told }: StateHeader): void {
  out.bits([token !== undefined, since !== undefined, incompleteOnly, moreAvailable]);
  if (token !== undefined) out.text(token);
  if (since !== undefined) out.int(since);
  out.uint(told.length);
  for (const { kind, id } of told) {
    out.byte(kinds.indexOf(kind));
    out.text(id);
  }
}

function readHeader(input: ByteReader): StateHeader {
  const [hasToken, hasSince, incompleteOnly = false, moreAvailable = false] = input.bits(4);
  return {
    token: hasToken ? input.text() : undefined,
    since: hasSince ? input.int() : undefined,
    incompleteOnly,
    moreAvailable,
    told: Array.from({ length: input.uint() }, () => ({ kind: kinds[input.byte()] ?? 'add', id: input.text() })),
  };
}
