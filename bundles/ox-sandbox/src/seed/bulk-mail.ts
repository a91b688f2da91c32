import libmime from 'libmime';
import type { Address, ParsedMessage } from '../mail/message';

export interface BulkMail {
  readonly from: Address;
  readonly to: Address;
  readonly subject: string;
  readonly date: number;
  readonly messageId: string;
  readonly text: string;
}

/** Writes a plain message, and what parsing it would find: parsing a hundred thousand of them would take minutes. */
export function composeBulkMail(mail: BulkMail): { source: Buffer; message: ParsedMessage } {
  const date = new Date(mail.date).toUTCString().replace('GMT', '+0000');
  const headers: readonly (readonly [string, string])[] = [
    ['From', addressText(mail.from)],
    ['To', addressText(mail.to)],
    ['Subject', word(mail.subject)],
    ['Date', date],
    ['Message-ID', `<${mail.messageId}>`],
    ['MIME-Version', '1.0'],
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['Content-Transfer-Encoding', '8bit'],
  ];
  const head = `${headers.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`;
  const source = Buffer.from(head + mail.text);
  const headerSize = head.length;
  const decoded: Readonly<Record<string, string>> = { Subject: mail.subject };
  return {
    source,
    message: {
      ...{ from: [mail.from], to: [mail.to], cc: [], bcc: [], subject: mail.subject, sentDate: mail.date },
      ...{ priority: 3, contentType: 'text/plain', attachment: false, dispositionTo: null },
      ...{ messageId: mail.messageId, thread: mail.messageId },
      text: mail.text.replace(/\s+/g, ' ').trim(),
      headerSize,
      root: {
        ...{ id: '1', type: 'text/plain', charset: 'utf-8', encoding: '8bit' },
        ...{ start: headerSize, end: source.length, size: source.length - headerSize },
      },
      headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), decoded[name] ?? value])),
    },
  };
}

function addressText([name, address]: Address): string {
  return name === null ? address : `${word(name)} <${address}>`;
}

function word(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : libmime.encodeWord(text, 'Q');
}
