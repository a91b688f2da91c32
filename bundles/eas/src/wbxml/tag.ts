/**
 * An element name: a token on a code page. Every name of the code pages is one object, so tags compare with `===`.
 * [MS-ASWBXML] "Code Pages".
 */
export interface Tag {
  /** Number of the code page. */
  readonly page: number;
  /** Name of the code page, which is the XML namespace as well. */
  readonly namespace: string;
  /** 0x05 to 0x3f, without the flag bits. {@link literalToken} for a name that came as text and is on no page. */
  readonly token: number;
  readonly name: string;
}

/** The global token LITERAL: stands in a {@link Tag} that no code page has. */
export const literalToken = 0x04;

/** The tags of one page by their names. */
export type CodePage<Name extends string = string> = Readonly<Record<Name, Tag>>;

/** Makes the tags of a code page. */
export function defineCodePage<Name extends string>(
  page: number,
  namespace: string,
  tokens: Readonly<Record<Name, number>>,
): CodePage<Name> {
  const tags = Object.entries<number>(tokens).map(([name, token]) => [
    name,
    Object.freeze<Tag>({ page, namespace, token, name }),
  ]);
  return Object.freeze(Object.fromEntries(tags) as Record<Name, Tag>);
}

/** `Contacts:FirstName`, for messages to people. */
export function qualifiedName(tag: Tag): string {
  return `${tag.namespace}:${tag.name}`;
}
