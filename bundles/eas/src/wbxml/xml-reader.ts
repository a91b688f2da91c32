import { SaxesParser } from 'saxes';
import { tagNamed } from './code-page-table';
import { Element } from './element';
import type { Tag } from './tag';

/** An element on the way: its children so far, or its text. */
interface OpenElement {
  readonly tag: Tag;
  readonly isOpaque: boolean;
  readonly children: Element[];
  text: string;
}

/**
 * Reads what `printXml` writes, and XML as the specification's examples have it: namespaces are names of code pages,
 * with or without a colon at the end.
 *
 * @throws Error with line and column when it is no XML, or a name is on no code page
 */
export function readXml(xml: string): Element {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: OpenElement[] = [];
  let root: Element | undefined;

  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    const tag = tagNamed(uri.replace(/:$/, ''), local);
    if (!tag) parser.fail(`no code page has ${uri}:${local}`);
    else open.push({ tag, isOpaque: 'opaque' in attributes, children: [], text: '' });
  });
  const onText = (text: string) => {
    const element = open.at(-1);
    if (element) element.text += text;
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    const closed = open.pop();
    if (!closed) return;
    const element = finish(closed);
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
  });
  parser.write(xml).close();
  if (!root) throw new Error('no element');
  return root;
}

/** White space between elements is for people. */
function finish({ tag, isOpaque, children, text }: OpenElement): Element {
  if (isOpaque) return new Element(tag, Buffer.from(text, 'base64'));
  if (children.length > 0) return new Element(tag, children);
  return new Element(tag, text === '' ? undefined : text);
}
