import fc from 'fast-check';
import type { Element } from '../../src/wbxml';
import { codePages, element, type Tag } from '../../src/wbxml';

const allTags = codePages.flatMap((page) => Object.values(page));

/** What survives encoding: text without characters that XML forbids, and without lone surrogates. */
export const cleanText = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((text) =>
    Buffer.from(text.replaceAll(/[^\t\n\r\x20-\ufffd\u{10000}-\u{10ffff}]/gu, ''), 'utf8').toString('utf8'),
  )
  .filter((text) => text !== '');

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

/** Trees over all code pages, or those tags that `tags` gives. */
export function arbitraryElement(
  tags: readonly Tag[] = allTags,
  value: fc.Arbitrary<string | Uint8Array> = fc.oneof(cleanText, bytes),
) {
  const tag = fc.constantFrom(...tags);
  const { tree } = fc.letrec<{ tree: Element }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium', maxDepth: 8 },
      fc.record({ tag, value }).map((leaf) => element(leaf.tag, leaf.value)),
      tag.map((empty) => element(empty)),
      fc
        .record({ tag, children: fc.array(tie('tree'), { minLength: 1, maxLength: 6 }) })
        .map((node) => element(node.tag, node.children)),
    ),
  }));
  return tree;
}
