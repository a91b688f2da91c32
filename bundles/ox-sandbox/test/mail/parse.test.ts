import { expect } from 'chai';
import fc from 'fast-check';
import { decodeBody, decodeStream, decodedSize } from '../../src/mail/content';
import { type Part, findPart, leaves } from '../../src/mail/message';
import { parseMessage } from '../../src/mail/parse';

const parse = (lines: readonly string[]): ReturnType<typeof parseMessage> =>
  parseMessage(Buffer.from(lines.join('\r\n')));

describe('parseMessage', () => {
  it('finds the body of each part where it lies', async () => {
    const source = Buffer.from(
      'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\npreamble\r\n--b\r\n\r\none\r\n\r\ntwo\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>\r\n--b--\r\nepilogue\r\n',
    );
    const { root } = await parseMessage(source);
    expect(
      [...leaves(root)].map(({ id, type, start, end }) => [id, type, source.subarray(start, end).toString()]),
    ).to.deep.equal([
      ['1', 'text/plain', 'one\r\n\r\ntwo'],
      ['2', 'text/html', '<p>'],
    ]);
  });

  it('numbers nested parts as IMAP does', async () => {
    const inner = [
      'Content-Type: multipart/alternative; boundary=i',
      '',
      '--i',
      '',
      'x',
      '--i',
      'Content-Type: text/html',
      '',
      'y',
      '--i--',
    ];
    const { root, attachment } = await parse([
      'Content-Type: multipart/mixed; boundary=o',
      '',
      '--o',
      ...inner,
      '--o',
      'Content-Type: image/png; name=a.png',
      '',
      'z',
      '--o--',
      '',
    ]);
    expect([...leaves(root)].map(({ id }) => id)).to.deep.equal(['1.1', '1.2', '2']);
    expect(attachment).to.equal(true);
  });

  it('gives offsets of parts in messages inside from the outermost beginning', async () => {
    const lines = [
      'Content-Type: message/rfc822',
      '',
      'Subject: inner',
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      '',
      'deep',
      '--x--',
      '',
    ];
    const source = Buffer.from(lines.join('\r\n'));
    const { root } = await parseMessage(source);
    const part = findPart(root, (_part, id) => id === '1.1')!;
    expect(source.subarray(part.start, part.end).toString()).to.equal('deep');
  });

  for (const [what, line, subject] of [
    ['encoded words', 'Subject: =?utf-8?Q?a_=C3=A4?= =?utf-8?B?w7Y=?=', 'a äö'],
    ['raw UTF-8', 'Subject: äö', 'äö'],
    ['folded lines', 'Subject: one\r\n two', 'one two'],
    ['an empty value', 'Subject:', ''],
  ] as const)
    it(`reads a subject of ${what}`, async () => {
      expect((await parse([line, '', 'x'])).subject).to.equal(subject);
    });

  it('reads raw Latin-1 headers as such', async () => {
    expect((await parseMessage(Buffer.from('Subject: \xe4\r\n\r\nx', 'latin1'))).subject).to.equal('ä');
  });

  it('reads priority, receipt, thread and date', async () => {
    const message = await parse([
      'Importance: high',
      'Disposition-Notification-To: A <a@x.example>',
      'References: <root@x> <b@x>',
      'Message-ID: <c@x>',
      'Date: no date',
      '',
      '',
    ]);
    expect(message).to.include({
      priority: 1,
      dispositionTo: 'a@x.example',
      thread: 'root@x',
      messageId: 'c@x',
      sentDate: null,
      attachment: false,
    });
  });

  it('takes any bytes without failing, and never points outside of them', async () => {
    const header = fc.constantFrom(
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Type: message/rfc822',
      'Subject: =?x?Q?=',
      'From: <',
      '',
    );
    const line = fc.oneof(header, fc.constantFrom('--b', '--b--', '', '\t'), fc.string({ maxLength: 20 }));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.uint8Array({ maxLength: 20 }), async (lines, tail) => {
        const source = Buffer.concat([Buffer.from(lines.join('\r\n')), tail, Buffer.from('\n')]);
        const { root, headerSize } = await parseMessage(source);
        for (const { start, end } of leaves(root)) {
          expect(start).to.be.within(0, end);
          expect(end).to.be.at.most(source.length);
        }
        expect(headerSize).to.be.at.most(source.length);
      }),
      { numRuns: 150 },
    );
  });
});

describe('transfer encodings', () => {
  it('decode in pieces as in one, of the size that is told', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        (bytes, size, folded) => {
          const text = Buffer.from(bytes).toString('base64');
          const body = Buffer.from(folded ? text.replace(/.{76}/g, '$&\r\n') : text);
          const part: Pick<Part, 'encoding'> = { encoding: 'base64' };
          const pieces = Array.from({ length: Math.ceil(body.length / size) }, (_, index) =>
            body.subarray(index * size, (index + 1) * size),
          );
          expect(Buffer.concat([...decodeStream(part, pieces)]).equals(bytes)).to.equal(true);
          expect(decodeBody(part, body).equals(bytes)).to.equal(true);
          expect(decodedSize('base64', body)).to.equal(bytes.length);
        },
      ),
    );
  });
});
