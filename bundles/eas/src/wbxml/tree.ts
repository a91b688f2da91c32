import { WbxmlEvent, WbxmlReader } from './decoder';
import { type Content, Element } from './element';
import type { DecodeLimits } from './limits';
import type { Tag } from './tag';

/** Decodes a document as a tree. @throws WbxmlError */
export function decode(bytes: Uint8Array, limits?: DecodeLimits): Element {
  const reader = new WbxmlReader(bytes, limits);
  const root = readElement(reader, reader.root());
  reader.finish();
  return root;
}

/** Reads the element that the reader has just opened, and closes it. Bytes stay views of the input. */
export function readElement(reader: WbxmlReader, tag: Tag): Element {
  const children: Element[] = [];
  const values: (string | Uint8Array)[] = [];
  for (let event = reader.next(); event !== WbxmlEvent.End; event = reader.next()) {
    if (event === WbxmlEvent.Start) children.push(readElement(reader, reader.tag as Tag));
    else values.push(event === WbxmlEvent.Text ? reader.string : reader.opaque);
  }
  if (children.length === 0) return new Element(tag, joinValues(values));
  if (values.some((value) => typeof value !== 'string' || value.trim() !== '')) {
    throw reader.error('UNEXPECTED_CONTENT', `text beside elements in ${tag.name}`);
  }
  return new Element(tag, children);
}

function joinValues(values: readonly (string | Uint8Array)[]): Content {
  if (values.length <= 1) return values[0] === '' ? undefined : values[0];
  if (values.every((value) => typeof value === 'string')) return values.join('') || undefined;
  return Buffer.concat(values.map((value) => (typeof value === 'string' ? Buffer.from(value) : value)));
}
