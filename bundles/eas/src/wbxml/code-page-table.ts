import * as pages from './code-pages';
import type { CodePage, Tag } from './tag';

/** All code pages, by number. */
export const codePages: readonly CodePage[] = Object.values(pages);

const tagsByByte = new Map<number, Tag>();
const tagsByName = new Map<string, Tag>();
for (const page of codePages) {
  for (const tag of Object.values(page)) {
    tagsByByte.set(tag.page * 64 + tag.token, tag);
    tagsByName.set(`${tag.namespace}:${tag.name}`, tag);
  }
}
const tagTable = Array.from({ length: codePages.length * 64 }, (_, index) => tagsByByte.get(index));

/** The tag of a token (without flag bits) on a page. */
export function tagOf(page: number, token: number): Tag | undefined {
  return tagTable[page * 64 + token];
}

/** The tag with this namespace and local name. */
export function tagNamed(namespace: string, name: string): Tag | undefined {
  return tagsByName.get(`${namespace}:${name}`);
}
