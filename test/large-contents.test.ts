import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { DisposableStore } from '@oxtender/bundle-api';
import {
  AirSync,
  AirSyncBase,
  ComposeMail,
  Email,
  Email2,
  type Element,
  ItemOperations,
  Search,
  element,
  encode,
} from '@oxtender/eas';
import { Device, type DeviceProfile, profiles, sendMail, smartMail } from '@oxtender/eas-device';
import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { DataFolder, HostProcess } from './support/host-process';
import { splitMessage } from './support/message';
import { Person } from './support/person';
import { SmtpSink } from './support/smtp-sink';

const mebibyte = 1_048_576;

/** Bytes of the file in each mail: 40 MB of source as base64. */
const fileSize = 29 * mebibyte;
/** Together many times as much as the host may grow. */
const senders: Readonly<Record<string, number>> = { '12.1': 4, '16.1': 8 };

/** How much larger the host may become, whatever goes through it. */
const growth = 120 * mebibyte;

/** Bytes that no two places of the mail have in common. */
function fileOf(seed: number): Buffer {
  const block = createHash('sha512').update(String(seed)).digest();
  const file = Buffer.alloc(fileSize);
  for (let at = 0, n = 0; at < file.length; at += 64, n += 1) {
    block.writeUInt32LE(n, 0);
    block.copy(file, at);
  }
  return file;
}

function mailWith(file: Buffer, to: string, subject: string): Buffer {
  return Buffer.concat([
    Buffer.from(
      [
        'From: alice@example.com',
        `To: ${to}`,
        `Subject: ${subject}`,
        'Date: Sat, 28 Nov 2026 12:00:00 +0000',
        `Message-ID: <${subject}@device.test>`,
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary="b"',
        '',
        '--b',
        'Content-Type: text/plain; charset=iso-8859-1',
        'Content-Transfer-Encoding: 8bit',
        '',
        'Gr\xfc\xdfe',
        '--b',
        'Content-Type: application/octet-stream; name=film.bin',
        'Content-Disposition: attachment; filename=film.bin',
        'Content-Transfer-Encoding: base64',
        '',
        '',
      ].join('\r\n'),
      'latin1',
    ),
    Buffer.from(file.toString('base64').replaceAll(/.{76}/g, '$&\r\n'), 'latin1'),
    Buffer.from('\r\n--b--\r\n'),
  ]);
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Mail servers may add a line end. */
const bodyOf = (mail: Uint8Array): string =>
  digest(Buffer.from(splitMessage(mail).body.toString('latin1').trimEnd(), 'latin1'));

const kinds: Readonly<Record<string, DeviceProfile>> = {
  '12.1': { ...profiles.nokia, version: '12.1' },
  '16.1': { ...profiles.ios, version: '16.1' },
};

for (const [version, profile] of Object.entries(kinds)) {
  const isOld = version === '12.1';

  describe(`contents larger than memory should hold, with a device of ${version}`, function () {
    this.timeout(300_000);
    const [groupwareData, hostData] = [new DataFolder(), new DataFolder()];
    const cleanUp = new DisposableStore();
    let sink: SmtpSink;
    let host: HostProcess;
    let alice: Person;

    before(async () => {
      cleanUp.add(groupwareData);
      cleanUp.add(hostData);
      sink = await SmtpSink.start();
      cleanUp.add(() => sink[Symbol.asyncDispose]());
      const groupware = await HostProcess.start(groupwareData.path, {
        set: { 'ox.sandbox.smtp.url': sink.url, 'ox.sandbox.max_rate': '0', 'ox.sandbox.mail.quota': '-1' },
      });
      cleanUp.add(() => groupware[Symbol.asyncDispose]());
      host = await HostProcess.start(hostData.path, {
        seed: 'none',
        set: { 'ox.url': `${groupware.url}/ajax` },
        env: { NODE_OPTIONS: '--max-old-space-size=128' },
      });
      cleanUp.add(() => host[Symbol.asyncDispose]());
      alice = await Person.arrive(host.url, 'alice@example.com', profile, 'LARGEALICE', groupware.url);
      cleanUp.add(() => alice[Symbol.asyncDispose]());
    });

    after(() => cleanUp.dispose());

    const memory = (name: 'VmRSS' | 'VmHWM'): number => {
      const status = readFileSync(`/proc/${host.process.pid}/status`, 'utf8');
      return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) * 1024;
    };

    /** By how much the host grew at the most during `work`. */
    async function grownBy<T>(work: () => Promise<T>): Promise<{ result: T; bytes: number }> {
      // The peak is the present size again. proc(5), "clear_refs".
      writeFileSync(`/proc/${host.process.pid}/clear_refs`, '5');
      const before = memory('VmRSS');
      const result = await work();
      return { result, bytes: memory('VmHWM') - before };
    }

    /** Files of the bundle that the host has open, or left behind. */
    const contentFiles = (): string[] => {
      const folder = `/proc/${host.process.pid}/fd`;
      const open = readdirSync(folder).map((fd) => readlinkSync(join(folder, fd)));
      const tmp = join(hostData.path, 'bundles', 'oxtender.eas', 'tmp');
      return [...open.filter((path) => path.startsWith(tmp)), ...readdirSync(tmp)];
    };

    const allClosed = async (): Promise<void> => {
      while (contentFiles().length > 0) await new Promise(setImmediate);
    };

    /** The file as the device has it: its reference, and the mail in which it hangs. */
    async function newestFile(): Promise<{ serverId: string; reference: string }> {
      await alice.device.syncAll(alice.inbox);
      const items = [...alice.device.collection(alice.inbox).items];
      const [serverId, data] = items.find(([, item]) => item.child(Email.Subject)?.text === 'inside') ?? [];
      const [attachment] = data?.child(AirSyncBase.Attachments)?.children ?? [];
      return { serverId: serverId ?? '', reference: attachment?.child(AirSyncBase.FileReference)?.text ?? '' };
    }

    const fetch = (...what: Element[]): Element =>
      element(
        ItemOperations.ItemOperations,
        element(ItemOperations.Fetch, element(ItemOperations.Store, 'Mailbox'), ...what),
      );

    const fetched = ({ element: document }: { element: Element | undefined }): Element | undefined => {
      const found = document?.child(ItemOperations.Response)?.child(ItemOperations.Fetch);
      expect(found?.child(ItemOperations.Status)?.text).to.equal('1');
      return found?.child(ItemOperations.Properties);
    };

    const searchResults = async (search: Element): Promise<Element[]> => {
      const { element: answer } = await alice.device.send('Search', search);
      const store = answer?.child(Search.Response)?.child(Search.Store);
      return store?.children.filter(({ tag }) => tag === Search.Result) ?? [];
    };

    it('go out as they came, many at the same time', async () => {
      const mails = Array.from({ length: senders[version] ?? 0 }, (_, n) =>
        mailWith(fileOf(n), 'erin@elsewhere.test', `large${n}`),
      );
      const { result, bytes } = await grownBy(() =>
        Promise.all(mails.map((mime, n) => sendMail(alice.device, { mime, clientId: `large${n}` }))),
      );
      expect(result).to.deep.equal(mails.map(() => ({ http: 200 })));
      const delivered = sink.take().map(({ source }) => bodyOf(source));
      expect(delivered).to.have.members(mails.map(bodyOf));
      expect(bytes, 'growth').to.be.below(growth);
      await allClosed();
    });

    it('are forwarded with what hangs on them', async () => {
      const inside = mailWith(fileOf(100), 'alice@example.com', 'inside');
      expect(await sendMail(alice.device, { mime: inside })).to.deep.equal({ http: 200 });
      const { serverId } = await newestFile();
      const source = { folderId: alice.inbox.serverId, itemId: serverId };
      const mime = mailWith(fileOf(101), 'erin@elsewhere.test', 'forward');
      const { result, bytes } = await grownBy(() => smartMail(alice.device, 'SmartForward', source, { mime }));
      expect(result).to.deep.equal({ http: 200 });
      expect(bytes, 'growth').to.be.below(growth);
      const { attachments, text } = await simpleParser(sink.take()[0]?.source ?? Buffer.alloc(0));
      expect(attachments.map(({ content }) => digest(content))).to.deep.equal([101, 100].map((n) => digest(fileOf(n))));
      expect(text).to.include('Grüße');
    });

    it('come to the device as files, whole and in part', async () => {
      const { reference } = await newestFile();
      const file = fileOf(100);
      if (isOld) {
        const parameters = { AttachmentName: reference };
        const { result, bytes } = await grownBy(() => alice.device.send('GetAttachment', undefined, { parameters }));
        expect(result.headers['content-length']).to.equal(String(fileSize));
        expect(digest(result.body)).to.equal(digest(file));
        expect(bytes, 'growth').to.be.below(growth);
      }
      const asked = element(AirSyncBase.FileReference, reference);
      const whole = await grownBy(() => alice.device.send('ItemOperations', fetch(asked)));
      const data = fetched(whole.result)?.child(ItemOperations.Data)?.text ?? '';
      expect(digest(Buffer.from(data, 'base64'))).to.equal(digest(file));
      expect(whole.bytes, 'growth').to.be.below(growth);

      const [first, last] = [mebibyte + 1, fileSize - 3];
      const range = element(ItemOperations.Options, element(ItemOperations.Range, `${first}-${last}`));
      const parts = await grownBy(() =>
        alice.device.send('ItemOperations', fetch(asked, range), { acceptMultiPart: true }),
      );
      const { body } = parts.result;
      expect(body.readUInt32LE(0)).to.equal(2);
      const part = body.subarray(body.readUInt32LE(12), body.readUInt32LE(12) + body.readUInt32LE(16));
      expect(digest(part)).to.equal(digest(file.subarray(first, last + 1)));
      expect(parts.bytes, 'growth').to.be.below(growth);
      await allClosed();
    });

    it('come to the device as mails, as they are at the groupware', async () => {
      const { serverId } = await newestFile();
      const options = element(
        ItemOperations.Options,
        element(AirSync.MIMESupport, 2),
        element(AirSyncBase.BodyPreference, element(AirSyncBase.Type, 4)),
      );
      const place = [element(AirSync.CollectionId, alice.inbox.serverId), element(AirSync.ServerId, serverId)];
      const { result, bytes } = await grownBy(() => alice.device.send('ItemOperations', fetch(...place, options)));
      const body = fetched(result)?.child(AirSyncBase.Body);
      const content = body?.child(AirSyncBase.Data)?.content as Buffer;
      expect(body?.child(AirSyncBase.EstimatedDataSize)?.text).to.equal(String(content.length));
      const { attachments } = await simpleParser(content);
      expect(attachments.map((one) => digest(one.content))).to.deep.equal([digest(fileOf(100))]);
      const search = element(
        Search.Search,
        element(
          Search.Store,
          element(Search.Name, 'Mailbox'),
          element(Search.Query, element(Search.And, element(Search.FreeText, 'subject:inside'))),
          element(Search.Options, ...options.children),
        ),
      );
      const [hit] = await searchResults(search);
      const found = hit?.child(Search.Properties)?.child(AirSyncBase.Body)?.child(AirSyncBase.Data)?.content as Buffer;
      expect(digest(found)).to.equal(digest(content));
      // Bytes, not text: the words are in ISO-8859-1.
      expect(content.includes(Buffer.from('Gr\xfc\xdfe', 'latin1'))).to.equal(true);
      expect(bytes, 'growth').to.be.below(growth);
      await allClosed();
    });

    if (!isOld)
      it('go out with a draft that the device makes, edits and sends by Sync', async () => {
        const file = fileOf(103);
        const words = (text: string): Element =>
          element(AirSyncBase.Body, element(AirSyncBase.Type, 1), element(AirSyncBase.Data, text));
        const attached = element(
          AirSyncBase.Add,
          element(AirSyncBase.ClientId, 'file'),
          element(AirSyncBase.Method, 1),
          element(AirSyncBase.Content, file),
          element(AirSyncBase.DisplayName, 'film.bin'),
        );
        const data = [
          element(Email.To, 'erin@elsewhere.test'),
          element(Email.Subject, 'draft'),
          words('First words'),
          element(AirSyncBase.Attachments, attached),
        ];
        const drafts = alice.device.folderOfType(3);
        await alice.device.syncAll(drafts);
        const made = await grownBy(() =>
          alice.device.sync(drafts, { changes: [{ kind: 'add', clientId: 'draft', data }] }),
        );
        const [response] = made.result.responses;
        expect(response?.child(AirSync.Status)?.text).to.equal('1');
        const serverId = response?.child(AirSync.ServerId)?.text ?? '';
        const change = { kind: 'change', serverId, data: [words('Last words'), element(Email2.Send)] } as const;
        const sent = await grownBy(() => alice.device.sync(drafts, { changes: [change] }));
        const { attachments, text } = await simpleParser(sink.take()[0]?.source ?? Buffer.alloc(0));
        expect(text).to.include('Last words');
        expect(attachments.map(({ content }) => digest(content))).to.deep.equal([digest(file)]);
        expect(Math.max(made.bytes, sent.bytes), 'growth').to.be.below(growth);
        await allClosed();
      });

    it('come with a Sync to a device that wants mails as they are', async () => {
      const { serverId } = await newestFile();
      const whole = { ...profile, bodyTypes: [4], truncationSize: 2_000_000_000 };
      const device = new Device(alice.device.connection.account, whole, 'LARGEWHOLE');
      cleanUp.add(() => device[Symbol.asyncDispose]());
      await device.provision();
      await device.folderSync();
      const inbox = device.folderOfType(2);
      await device.syncAll(inbox, { mimeSupport: 2 });
      const { result, bytes } = await grownBy(() =>
        device.sync(inbox, { mimeSupport: 2, changes: [{ kind: 'fetch', serverId }] }),
      );
      const [answer] = result.responses;
      const data = answer?.child(AirSync.ApplicationData)?.child(AirSyncBase.Body)?.child(AirSyncBase.Data);
      const { attachments } = await simpleParser(data?.content as Buffer);
      expect(attachments.map((one) => digest(one.content))).to.deep.equal([digest(fileOf(100))]);
      const [known] = [...device.collection(inbox).items].filter(([id]) => id === serverId);
      const first = known?.[1].child(AirSyncBase.Body)?.child(AirSyncBase.Data);
      expect((first?.content as Buffer).equals(data?.content as Buffer)).to.equal(true);
      expect(bytes, 'growth').to.be.below(growth);
    });

    it('go nowhere when the device breaks off in the middle', async () => {
      const mime = mailWith(fileOf(102), 'erin@elsewhere.test', 'half');
      const body = isOld
        ? mime
        : encode(element(ComposeMail.SendMail, element(ComposeMail.ClientId, 'half'), element(ComposeMail.Mime, mime)));
      const { hostname, port } = new URL(host.url);
      const socket = connect(Number(port), hostname);
      const query = 'Cmd=SendMail&User=alice&DeviceId=LARGEALICE&DeviceType=test';
      socket.write(
        [
          `POST /Microsoft-Server-ActiveSync?${query} HTTP/1.1`,
          'Host: localhost',
          `Authorization: Basic ${Buffer.from('alice@example.com:secret').toString('base64')}`,
          `MS-ASProtocolVersion: ${version}`,
          `X-MS-PolicyKey: ${alice.device.connection.policyKey}`,
          `Content-Type: ${isOld ? 'message/rfc822' : 'application/vnd.ms-sync.wbxml'}`,
          `Content-Length: ${body.length}`,
          '',
          '',
        ].join('\r\n'),
      );
      socket.write(body.subarray(0, body.length / 2));
      while (contentFiles().length === 0) await new Promise(setImmediate);
      const from = host.log.length;
      socket.destroy();
      await once(socket, 'close');
      await host.logged((line) => line.includes('SendMail') && line.includes('aborted'), from);
      await allClosed();
      expect(sink.take()).to.deep.equal([]);
    });

    it('are refused above the limit, whether they say how long they are or not', async () => {
      const over = Buffer.alloc(64 * mebibyte + 1, 'x');
      const headers = { 'Content-Type': isOld ? 'message/rfc822' : 'application/vnd.ms-sync.wbxml' };
      expect((await alice.device.send('SendMail', undefined, { rawBody: over, headers })).status).to.equal(413);
      await allClosed();
    });
  });
}
