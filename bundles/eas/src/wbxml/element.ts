import { LargeValue } from './bytes';
import type { Tag } from './tag';

/** What stands in an element: nothing, text, bytes, or elements. Never text and elements mixed. */
export type Content = undefined | string | Uint8Array | LargeValue | readonly Element[];

/** A node of an element tree: light, read-only data. */
export class Element {
  constructor(
    readonly tag: Tag,
    readonly content: Content,
  ) {}

  /** Child elements; none when the content is text. */
  get children(): readonly Element[] {
    return Array.isArray(this.content) ? (this.content as readonly Element[]) : noElements;
  }

  /** The text; empty when there is none. Bytes are read as UTF-8. */
  get text(): string {
    if (typeof this.content === 'string') return this.content;
    if (this.content instanceof LargeValue) return this.content.text;
    return this.content instanceof Uint8Array ? Buffer.from(this.content).toString('utf8') : '';
  }

  /** The first child with this tag. */
  child(tag: Tag): Element | undefined {
    return this.children.find((child) => child.tag === tag);
  }
}

/** What {@link element} takes: `undefined` is left out, numbers become decimal text, lists are flattened. */
export type Child = undefined | string | number | Uint8Array | LargeValue | Element | readonly (Element | undefined)[];

/**
 * Builds an element tree:
 * `element(Ping.Ping, element(Ping.Status, 2), element(Ping.Folders, ids.map((id) => element(Ping.Folder, id))))`.
 */
export function element(tag: Tag, ...children: readonly Child[]): Element {
  const [first] = children;
  if (children.length === 1) {
    if (typeof first === 'string') return new Element(tag, first === '' ? undefined : first);
    if (typeof first === 'number') return new Element(tag, String(first));
    if (first instanceof Uint8Array || first instanceof LargeValue) return new Element(tag, first);
  }
  const elements: Element[] = [];
  for (const child of children) {
    if (child === undefined) continue;
    if (child instanceof Element) elements.push(child);
    else if (Array.isArray(child)) appendDefined(elements, child as readonly (Element | undefined)[]);
    else throw new TypeError(`${tag.name}: text beside elements`);
  }
  return new Element(tag, elements.length === 0 ? undefined : elements);
}

const noElements: readonly Element[] = [];

function appendDefined(target: Element[], source: readonly (Element | undefined)[]): void {
  for (const child of source) if (child !== undefined) target.push(child);
}
