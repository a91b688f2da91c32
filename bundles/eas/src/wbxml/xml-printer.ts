import { LargeValue } from './bytes';
import type { Element } from './element';
import type { Tag } from './tag';

/** Replaces a value where it is not for everybody's eyes; `undefined`: print it as it is. */
export type Redact = (tag: Tag, value: string | Uint8Array | LargeValue) => string | undefined;

/**
 * A document as XML that a person reads: elements of the root's code page are plain, others carry their page as prefix,
 * bytes are base64 and marked `opaque="base64"`. `readXml` of `xml-reader.ts` reads it back.
 */
export function printXml(root: Element, redact?: Redact): string {
  const namespaces = namespacesIn(root);
  namespaces.delete(root.tag.namespace);
  const declarations = [
    ` xmlns="${root.tag.namespace}"`,
    ...[...namespaces].sort().map((namespace) => ` xmlns:${namespace}="${namespace}"`),
  ].join('');
  const lines: string[] = [];

  const print = (node: Element, indent: string, attributes: string): void => {
    const { tag, content } = node;
    const name = tag.namespace === root.tag.namespace ? tag.name : `${tag.namespace}:${tag.name}`;
    if (content === undefined) {
      lines.push(`${indent}<${name}${attributes}/>`);
    } else if (typeof content === 'string' || content instanceof Uint8Array || content instanceof LargeValue) {
      const hidden = redact?.(tag, content);
      const shown = hidden ?? valueOf(content);
      const isBytes = typeof shown !== 'string';
      const value = isBytes ? Buffer.from(shown).toString('base64') : shown;
      lines.push(`${indent}<${name}${attributes}${isBytes ? ' opaque="base64"' : ''}>${escape(value)}</${name}>`);
    } else {
      lines.push(`${indent}<${name}${attributes}>`);
      for (const child of content) print(child, `${indent}  `, '');
      lines.push(`${indent}</${name}>`);
    }
  };
  print(root, '', declarations);
  return `${lines.join('\n')}\n`;
}

function valueOf(content: string | Uint8Array | LargeValue): string | Uint8Array {
  if (!(content instanceof LargeValue)) return content;
  return content.form === 'text' ? content.text : content.bytes.read();
}

function namespacesIn(node: Element, found = new Set<string>()): Set<string> {
  found.add(node.tag.namespace);
  for (const child of node.children) namespacesIn(child, found);
  return found;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** What XML cannot say at all, such as NUL, becomes U+FFFD. */
function escape(text: string): string {
  return text
    .replaceAll(/[&<>\r]/g, (character) => escapes[character] ?? '')
    .replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd');
}
