import { SaxesParser } from 'saxes';
import { AutodiscoverError } from './autodiscover-error';

/** [MS-ASCMD] "AcceptableResponseSchema": the only answer that there is. */
export const mobileSyncResponse = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006';

/** A request has two levels of elements and an address. */
const deepest = 8;

const email = 'Autodiscover/Request/EMailAddress';
const schema = 'Autodiscover/Request/AcceptableResponseSchema';

/**
 * Reads the plain XML form. [MS-ASCMD] "Autodiscover". Namespaces of the request differ between devices and are not
 * looked at; a document type is refused, whatever it declares.
 *
 * @returns the address that settings are wanted for
 * @throws AutodiscoverError INVALID_REQUEST, NO_PROVIDER
 */
export function readPoxRequest(body: Uint8Array): string {
  const values = textsOf(decode(body));
  const schemas = values.get(schema) ?? [];
  const [address] = values.get(email) ?? [];
  if (schemas.length === 0) throw new AutodiscoverError('INVALID_REQUEST', 'no AcceptableResponseSchema');
  if (!schemas.includes(mobileSyncResponse)) {
    throw new AutodiscoverError('NO_PROVIDER', `no provider for the schema ${schemas.join(', ').slice(0, 200)}`);
  }
  if (address === undefined || address === '') throw new AutodiscoverError('INVALID_REQUEST', 'no EMailAddress');
  return address;
}

/** Texts of the elements without children, by their path of local names. */
function textsOf(xml: string): Map<string, string[]> {
  const parser = new SaxesParser({ xmlns: true });
  const texts = new Map<string, string[]>();
  const path: string[] = [];
  let text = '';
  parser.on('error', (error) => {
    throw new AutodiscoverError('INVALID_REQUEST', error.message);
  });
  parser.on('doctype', () => {
    throw new AutodiscoverError('INVALID_REQUEST', 'a document type is not accepted');
  });
  parser.on('opentag', ({ local }) => {
    if (path.push(local) > deepest) throw new AutodiscoverError('INVALID_REQUEST', 'too many levels');
    text = '';
  });
  const onText = (part: string): void => void (text += part);
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    const name = path.join('/');
    texts.set(name, [...(texts.get(name) ?? []), text.trim()]);
    path.pop();
    text = '';
  });
  parser.write(xml).close();
  return texts;
}

/** UTF-8, or UTF-16 with its mark. */
function decode(body: Uint8Array): string {
  const [first, second] = body;
  const isLittle = first === 0xff && second === 0xfe;
  const encoding = isLittle ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(body);
  } catch (cause) {
    throw new AutodiscoverError('INVALID_REQUEST', `the text is not ${encoding}`, { cause });
  }
}
