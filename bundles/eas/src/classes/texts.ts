import { type Element, type Tag, element } from '../wbxml';

/** An element with a text; none for no text. */
export function texts(tag: Tag, text: string | undefined): Element | undefined {
  return text === undefined || text === '' ? undefined : element(tag, text);
}
