import { LargeValue } from './bytes';
import { WbxmlEvent, WbxmlReader } from './decoder';
import { Element } from './element';
import type { DecodeLimits } from './limits';
import type { DocumentInput } from './outline';
import type { Tag } from './tag';

/** Decodes a document as a tree. @throws WbxmlError */
export function decode(bytes: Uint8Array | DocumentInput, limits?: DecodeLimits): Element {
  const reader = new WbxmlReader(bytes, limits);
  const root = readElement(reader, reader.root());
  reader.finish();
  return root;
}

/** Reads the element that the reader has just opened, and closes it. Bytes stay views of the input. */
export function readElement(reader: WbxmlReader, tag: Tag): Element {
  let children: Element[] | undefined;
  let value: Value | undefined;
  let furtherValues: Value[] | undefined;
  for (let event = reader.next(); event !== WbxmlEvent.End; event = reader.next()) {
    if (event === WbxmlEvent.Start) {
      (children ??= []).push(readElement(reader, reader.tag as Tag));
    } else {
      const read = valueOf(reader, event);
      if (value === undefined) value = read;
      else (furtherValues ??= []).push(read);
    }
  }
  if (furtherValues && value !== undefined) value = joinValues([value, ...furtherValues]);
  if (!children) return new Element(tag, value === '' ? undefined : value);
  if (value !== undefined && (typeof value !== 'string' || value.trim() !== '')) {
    throw reader.error('UNEXPECTED_CONTENT', `text beside elements in ${tag.name}`);
  }
  return new Element(tag, children);
}

type Value = string | Uint8Array | LargeValue;

function valueOf(reader: WbxmlReader, event: WbxmlEvent): Value {
  if (event === WbxmlEvent.Large) return reader.large as LargeValue;
  return event === WbxmlEvent.Text ? reader.string : reader.opaque;
}

/** Text stays text; beside bytes it becomes bytes. */
function joinValues(large: readonly Value[]): string | Uint8Array {
  const values = large.map((value) => {
    if (!(value instanceof LargeValue)) return value;
    return value.form === 'text' ? value.text : value.bytes.read();
  });
  if (values.every((value) => typeof value === 'string')) return values.join('');
  return Buffer.concat(values.map((value) => (typeof value === 'string' ? Buffer.from(value) : value)));
}
