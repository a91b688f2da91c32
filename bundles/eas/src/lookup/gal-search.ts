import type { DirectoryEntry, SyncSession } from '@oxtender/bundle-api';
import { type Element, Gal, type Tag, element } from '../wbxml';
import { type PictureOptions, Pictures } from './pictures';
import { type ResultPage, checkPage } from './result-page';
import { SearchError } from './search-error';

/** What a device wants of the global address list. */
export interface GalQuery {
  readonly text: string;
  readonly page: ResultPage;
  /** Absent: no pictures. */
  readonly picture?: PictureOptions | undefined;
}

/** Entries of the global address list, each as the elements of its Properties. */
export async function searchGal(
  session: Pick<SyncSession, 'groupware'>,
  { text, page, picture }: GalQuery,
  { signal }: { readonly signal: AbortSignal },
): Promise<{ results: readonly Element[][]; total: number }> {
  const { directory } = session.groupware;
  if (!directory) throw new SearchError('NO_STORE', 'the groupware has no address list');
  if (text.trim() === '') throw new SearchError('INVALID_QUERY', 'nothing to look for');
  const found = await directory.search(text.trim(), { offset: page.first, limit: page.limit, signal });
  checkPage(page, found.total);
  const pictures = picture && new Pictures(directory, picture);
  const results: Element[][] = [];
  for (const entry of found.entries) {
    const answer = await pictures?.of(entry.address, { signal });
    results.push([...galProperties(entry), ...(answer ? [pictureElement(answer)] : [])]);
  }
  return { results, total: found.total };
}

/** [MS-ASCMD] "Properties (Search)", in the order of the schema. Nokia wants a FirstName even where there is none. */
const properties: readonly (readonly [Tag, keyof DirectoryEntry, 'always'?])[] = [
  [Gal.DisplayName, 'displayName'],
  [Gal.Phone, 'businessPhone'],
  [Gal.Office, 'office'],
  [Gal.Title, 'title'],
  [Gal.Company, 'company'],
  [Gal.Alias, 'alias'],
  [Gal.FirstName, 'firstName', 'always'],
  [Gal.LastName, 'lastName'],
  [Gal.HomePhone, 'homePhone'],
  [Gal.MobilePhone, 'mobilePhone'],
  [Gal.EmailAddress, 'address'],
];

function galProperties(entry: DirectoryEntry): Element[] {
  return properties.flatMap(([tag, key, always]) => {
    const value = entry[key];
    const text = typeof value === 'string' ? value : '';
    return text === '' && always === undefined ? [] : [element(tag, text)];
  });
}

function pictureElement({ status, data }: { status: number; data?: Uint8Array }): Element {
  return element(Gal.Picture, element(Gal.Status, status), data && element(Gal.Data, data));
}
