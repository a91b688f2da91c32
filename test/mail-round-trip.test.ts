import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DisposableStore } from '@oxtender/bundle-api';
import { AirSync, AirSyncBase, ItemOperations, element } from '@oxtender/eas';
import { type DeviceProfile, profiles, sendMail, smartMail } from '@oxtender/eas-device';
import { expect } from 'chai';
import { type ParsedMail, simpleParser } from 'mailparser';
import { corpus } from './support/corpus';
import { DataFolder, HostProcess } from './support/host-process';
import { fieldsOf, splitMessage, writtenBy } from './support/message';
import { Person } from './support/person';
import { SmtpSink } from './support/smtp-sink';

const erin = 'erin@elsewhere.test';

const kinds: Readonly<Record<string, DeviceProfile>> = {
  '12.1': { ...profiles.nokia, version: '12.1' },
  '14.1': { ...profiles.samsung, version: '14.1' },
  '16.1': { ...profiles.ios, version: '16.1' },
};

/** Fields that the way through a server adds in front. */
const trace = /^(?:x-originating-client|received|return-path)\s*:/i;

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A message with one large file, which looks like no other. */
function largeMessage(bytes: number): { source: Buffer; file: Buffer } {
  const file = randomBytes(bytes);
  const encoded = file.toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  const head = [
    'Subject: Large',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=large',
    '',
    '--large',
    'Content-Type: text/plain',
    '',
    'A large file',
    '--large',
    'Content-Type: application/octet-stream; name=large.bin',
    'Content-Disposition: attachment; filename=large.bin',
    'Content-Transfer-Encoding: base64',
    '',
    '',
  ].join('\r\n');
  return { source: Buffer.from(`${head}${encoded}\r\n--large--\r\n`, 'latin1'), file };
}

for (const [version, profile] of Object.entries(kinds)) {
  describe(`mail goes round with a device of ${version}`, function () {
    this.timeout(120_000);
    const data = new DataFolder();
    const cleanUp = new DisposableStore();
    const messages = corpus();
    let sink: SmtpSink;
    let alice: Person;
    let bob: Person;

    before(async () => {
      cleanUp.add(data);
      sink = await SmtpSink.start();
      cleanUp.add(() => sink[Symbol.asyncDispose]());
      const host = await HostProcess.start(data.path, { set: { 'ox.sandbox.smtp.url': sink.url } });
      cleanUp.add(() => host[Symbol.asyncDispose]());
      alice = await Person.arrive(host.url, 'alice@example.com', profile, 'MAILALICE');
      bob = await Person.arrive(host.url, 'bob@example.com', profile, 'MAILBOB');
      cleanUp.add(() => alice[Symbol.asyncDispose]());
      cleanUp.add(() => bob[Symbol.asyncDispose]());
    });

    after(() => cleanUp.dispose());

    /** The newest mail of the inbox, whole, as a device fetches it. */
    async function fetchNewest(person: Person): Promise<{ serverId: string; source: Buffer }> {
      const rounds = await person.device.syncAll(person.inbox);
      const serverId = rounds.flatMap(({ added }) => added).at(-1) ?? '';
      const answer = await person.device.send(
        'ItemOperations',
        element(
          ItemOperations.ItemOperations,
          element(
            ItemOperations.Fetch,
            element(ItemOperations.Store, 'Mailbox'),
            element(AirSync.CollectionId, person.inbox.serverId),
            element(AirSync.ServerId, serverId),
            element(
              ItemOperations.Options,
              element(AirSync.MIMESupport, 2),
              element(AirSyncBase.BodyPreference, element(AirSyncBase.Type, 4)),
            ),
          ),
        ),
      );
      const fetched = answer.element?.child(ItemOperations.Response)?.child(ItemOperations.Fetch);
      expect(fetched?.child(ItemOperations.Status)?.text).to.equal('1');
      const body = fetched?.child(ItemOperations.Properties)?.child(AirSyncBase.Body)?.child(AirSyncBase.Data);
      const content = body?.content;
      return { serverId, source: content instanceof Uint8Array ? Buffer.from(content) : Buffer.from(body?.text ?? '') };
    }

    it('finds its messages', () => {
      expect([...messages.keys()]).to.have.length.above(12);
    });

    for (const [name, source] of messages) {
      it(`${name}: arrives as it was sent, inside and outside`, async () => {
        const sent = writtenBy(alice.address, [bob.address, erin], source, { bcc: 'hidden@elsewhere.test' });
        expect(await sendMail(alice.device, { mime: sent, saveInSent: true })).to.deep.equal({ http: 200 });

        const [mail, ...more] = sink.take();
        expect(more).to.deep.equal([]);
        expect(mail?.to).to.deep.equal([erin, 'hidden@elsewhere.test']);
        const written = splitMessage(sent);
        const expected = fieldsOf(written.head).filter((field) => !field.startsWith('Bcc:'));
        for (const arrived of [mail?.source ?? Buffer.alloc(0), await bob.newestSource()]) {
          const { head, body } = splitMessage(arrived);
          expect(fieldsOf(head).filter((field) => !trace.test(field))).to.deep.equal(expected);
          expect(digest(trimEnd(body))).to.equal(digest(trimEnd(written.body)));
        }
      });

      it(`${name}: is fetched, answered and forwarded`, async () => {
        const received = writtenBy(erin, [alice.address], source);
        await alice.receive(received);
        const { serverId, source: fetched } = await fetchNewest(alice);
        // Text goes over the wire as UTF-8: bytes that are none are replaced.
        if (isUtf8(received)) expect(fetched.equals(received)).to.equal(true);

        const original = await simpleParser(received);
        const words = Buffer.from(
          'From: alice@example.com\r\nTo: erin@elsewhere.test\r\nSubject: Words\r\n\r\nMy words\r\n',
        );
        const named = { folderId: alice.inbox.serverId, itemId: serverId };
        for (const command of ['SmartReply', 'SmartForward'] as const) {
          expect(await smartMail(alice.device, command, named, { mime: words, saveInSent: true })).to.deep.equal({
            http: 200,
          });
          const [mail, ...more] = sink.take();
          expect(more).to.deep.equal([]);
          const parsed = await simpleParser(mail?.source ?? Buffer.alloc(0));
          expect(parsed.text).to.include('My words');
          expect(wordsOf(parsed)).to.include.members(wordsOf(original).slice(0, 5));
          if (original.messageId) expect(parsed.inReplyTo).to.equal(original.messageId);
          const files = command === 'SmartReply' ? [] : filesOf(original);
          expect(filesOf(parsed), command).to.include.members(files);
        }
        await alice.sync();
        const verb = alice.item(serverId)?.children.find(({ tag }) => tag.name === 'LastVerbExecuted')?.text;
        if (version !== '12.1') expect(verb).to.be.oneOf(['1', '3']);
      });
    }

    it('a signed message is sent, and sent on, with its signature', async function () {
      if (spawnSync('openssl', ['version']).status !== 0) this.skip();
      const [key, certificate, text] = ['key.pem', 'cert.pem', 'text.txt'].map((name) => join(data.path, name)) as [
        string,
        string,
        string,
      ];
      const subject = ['-subj', '/CN=Alice/emailAddress=alice@example.com'];
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-keyout',
          key,
          '-out',
          certificate,
          '-days',
          '2',
          ...subject,
        ],
        { stdio: 'ignore' },
      );
      writeFileSync(
        text,
        'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße, signiert  \r\n.\r\nFrom here\r\n',
      );
      const signed = execFileSync(
        'openssl',
        ['smime', '-sign', '-in', text, '-signer', certificate, '-inkey', key, '-crlfeol'],
        { stdio: ['ignore', 'pipe', 'ignore'] },
      );
      const sent = writtenBy(
        alice.address,
        [erin],
        Buffer.from(signed.toString('latin1').replaceAll(/\r?\n/g, '\r\n'), 'latin1'),
      );
      const verify = (source: Uint8Array) => {
        const file = join(data.path, 'arrived.eml');
        writeFileSync(file, source);
        return spawnSync('openssl', ['smime', '-verify', '-in', file, '-noverify', '-CAfile', certificate]).status;
      };
      expect(verify(sent)).to.equal(0);
      expect(await sendMail(alice.device, { mime: sent })).to.deep.equal({ http: 200 });
      expect(verify(sink.take()[0]?.source ?? Buffer.alloc(0))).to.equal(0);

      await alice.receive('From: erin@elsewhere.test\r\nTo: alice@example.com\r\nSubject: Plain\r\n\r\nPlain\r\n');
      const { serverId: itemId } = await fetchNewest(alice);
      const reply = writtenBy(alice.address, [erin], sent);
      const named = { folderId: alice.inbox.serverId, itemId };
      expect(await smartMail(alice.device, 'SmartReply', named, { mime: reply })).to.deep.equal({ http: 200 });
      expect(verify(sink.take()[0]?.source ?? Buffer.alloc(0))).to.equal(0);
    });

    it('20 MB go out, come in, and go on', async () => {
      const { source, file } = largeMessage(20 * 1024 * 1024);
      const sent = writtenBy(alice.address, [bob.address, erin], source);
      expect(await sendMail(alice.device, { mime: sent })).to.deep.equal({ http: 200 });
      const arrived = splitMessage(sink.take()[0]?.source ?? Buffer.alloc(0));
      expect(digest(trimEnd(arrived.body))).to.equal(digest(trimEnd(splitMessage(sent).body)));

      await bob.device.syncAll(bob.inbox);
      const itemId = bob.mails('Large')[0]?.serverId ?? '';
      const words = Buffer.from(
        'From: bob@example.com\r\nTo: erin@elsewhere.test\r\nSubject: FW: Large\r\n\r\nLook\r\n',
      );
      const named = { folderId: bob.inbox.serverId, itemId };
      expect(await smartMail(bob.device, 'SmartForward', named, { mime: words })).to.deep.equal({ http: 200 });
      const forwarded = await simpleParser(sink.take()[0]?.source ?? Buffer.alloc(0));
      expect(digest(forwarded.attachments[0]?.content ?? Buffer.alloc(0))).to.equal(digest(file));
    });
  });
}

/** SMTP ends a message with a line end, whether it had one or not. */
function trimEnd(body: Buffer): Buffer {
  let end = body.length;
  while (end > 0 && (body[end - 1] === 0x0a || body[end - 1] === 0x0d)) end--;
  return body.subarray(0, end);
}

function isUtf8(source: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(source);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Words of the text; those with letters that a broken charset may have spoilt are left out. */
function wordsOf({ text = '' }: ParsedMail): string[] {
  return text.split(/[^\w]+/).filter((word) => /^[A-Za-z]{4,}$/.test(word));
}

/** Name and content of each file. Messages within messages are written anew on the way. */
function filesOf({ attachments }: ParsedMail): string[] {
  return attachments
    .filter(({ contentType }) => contentType !== 'message/rfc822' && contentType !== 'text/calendar')
    .map(({ content }) => digest(content));
}
