/** An element of plain XML, for answers that are not WBXML. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly XmlNode[];
}

export function xml(
  name: string,
  content: string | readonly XmlNode[],
  attributes: Readonly<Record<string, string>> = {},
): XmlNode {
  return { name, attributes, content };
}

export function printXmlDocument(root: XmlNode): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${print(root, '')}\n`;
}

function print({ name, attributes, content }: XmlNode, indent: string): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(value)}"`);
  const open = `${indent}<${name}${written.join('')}`;
  if (content.length === 0) return `${open}/>`;
  if (typeof content === 'string') return `${open}>${escape(content)}</${name}>`;
  return [`${open}>`, ...content.map((child) => print(child, `${indent}  `)), `${indent}</${name}>`].join('\n');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML forbids, lone surrogates among it. */
// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/gu;

function escape(text: string): string {
  return text.replaceAll(forbidden, '?').replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
