import { integerOverflow, integerTruncated, readMultiByteInteger, skipMultiByteInteger } from './multi-byte-integer';
import { Charset } from './tokens';
import { WbxmlError } from './wbxml-error';

/** What stands before the first element. WBXML 1.3, "Document Structure". */
export interface DocumentHeader {
  readonly encoding: 'utf8' | 'latin1';
  readonly stringTable: Buffer;
  /** Offset of the first byte after the header. */
  readonly bodyOffset: number;
}

const encodings: ReadonlyMap<number, DocumentHeader['encoding']> = new Map([
  [Charset.Unspecified, 'utf8'],
  [Charset.UsAscii, 'utf8'],
  [Charset.Utf8, 'utf8'],
  [Charset.Latin1, 'latin1'],
] as const);

/** @throws WbxmlError BAD_HEADER, UNSUPPORTED_CHARSET, TRUNCATED, INTEGER_OVERFLOW */
export function readHeader(bytes: Buffer): DocumentHeader {
  let offset = 1;
  const fail = (code: WbxmlError['code'], message: string) => new WbxmlError(code, message, offset, '');
  const integer = () => {
    const value = readMultiByteInteger(bytes, offset);
    if (value === integerTruncated) throw fail('TRUNCATED', 'the document ends inside its header');
    if (value === integerOverflow) throw fail('INTEGER_OVERFLOW', 'an integer above 32 bits');
    offset = skipMultiByteInteger(bytes, offset);
    return value;
  };

  const version = bytes[0] ?? 0;
  if (version < 0x01 || version > 0x03) throw fail('BAD_HEADER', 'not WBXML 1.1 to 1.3');
  const publicId = integer();
  if (publicId === 0) integer();
  const charset = integer();
  const encoding = encodings.get(charset);
  if (!encoding) throw fail('UNSUPPORTED_CHARSET', `character set ${charset}`);
  const tableLength = integer();
  if (tableLength > bytes.length - offset) throw fail('TRUNCATED', `a string table of ${tableLength} bytes announced`);
  return { encoding, stringTable: bytes.subarray(offset, offset + tableLength), bodyOffset: offset + tableLength };
}
