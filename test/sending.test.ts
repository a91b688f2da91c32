import { DisposableStore } from '@oxtender/bundle-api';
import { AirSync, AirSyncBase, Calendar, ComposeMail, Email, Email2, RightsManagement, element } from '@oxtender/eas';
import { type DeviceProfile, forwardMeeting, profiles, sendMail, smartMail } from '@oxtender/eas-device';
import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { DataFolder, HostProcess } from './support/host-process';
import { compact, itipMail } from './support/itip';
import { Person } from './support/person';
import { SmtpSink } from './support/smtp-sink';

const erin = 'erin@elsewhere.test';
const hour = 3_600_000;

const kinds: Readonly<Record<string, DeviceProfile>> = {
  '12.1': { ...profiles.nokia, version: '12.1' },
  '14.1': { ...profiles.samsung, version: '14.1' },
  '16.1': { ...profiles.ios, version: '16.1' },
};

const mailTo = (to: string, ...more: string[]) =>
  Buffer.from(['From: alice@example.com', `To: ${to}`, 'Subject: Words', ...more, '', 'Words', ''].join('\r\n'));

for (const [version, profile] of Object.entries(kinds)) {
  const number = Number(version);
  /** What a refusal looks like: a status, and before 14.0 an HTTP status. */
  const refused = (status: string, http: number) => (number >= 14 ? { http: 200, status } : { http });

  describe(`sending with a device of ${version}`, function () {
    this.timeout(120_000);
    const data = new DataFolder();
    const cleanUp = new DisposableStore();
    let sink: SmtpSink;
    let alice: Person;

    before(async () => {
      cleanUp.add(data);
      sink = await SmtpSink.start();
      cleanUp.add(() => sink[Symbol.asyncDispose]());
      const host = await HostProcess.start(data.path, { set: { 'ox.sandbox.smtp.url': sink.url } });
      cleanUp.add(() => host[Symbol.asyncDispose]());
      alice = await Person.arrive(host.url, 'alice@example.com', profile, 'SENDALICE');
      cleanUp.add(() => alice[Symbol.asyncDispose]());
    });

    after(() => cleanUp.dispose());

    const sentMails = async () =>
      ((await alice.ox.call('mail', 'all', { folder: 'default0/Sent', columns: '600' })).data as unknown[]).length;

    it('keeps a copy when the device wants one, and none otherwise', async () => {
      const before = await sentMails();
      await sendMail(alice.device, { mime: mailTo(erin, 'X-Number: 1') });
      expect(await sentMails()).to.equal(before);
      await sendMail(alice.device, { mime: mailTo(erin, 'X-Number: 2'), saveInSent: true });
      expect(await sentMails()).to.equal(before + 1);
      expect(sink.take()).to.have.length(2);
    });

    it('puts the user’s own address into a From that is somebody else’s', async () => {
      const mime = Buffer.from(`From: "Al" <boss@elsewhere.test>\r\nTo: ${erin}\r\nSubject: From\r\n\r\nWords\r\n`);
      await sendMail(alice.device, { mime });
      const alias = Buffer.from(`From: alice.winter@example.com\r\nTo: ${erin}\r\nSubject: Alias\r\n\r\nWords\r\n`);
      await sendMail(alice.device, { mime: alias });
      const froms = await Promise.all(sink.take().map(async ({ source }) => (await simpleParser(source)).from?.text));
      expect(froms).to.deep.equal(['"Al" <alice@example.com>', 'alice.winter@example.com']);
    });

    it('tells nobody who else gets a mail unseen', async () => {
      const hidden = 'hidden@elsewhere.test';
      for (const fields of [[`Bcc: ${hidden}`], [`Bcc: ${hidden}`, 'X-Last: 1']])
        expect(await sendMail(alice.device, { mime: mailTo(erin, ...fields) })).to.deep.equal({ http: 200 });
      for (const { to, source } of sink.take()) {
        expect(to).to.have.members([erin, hidden]);
        expect(source.toString()).to.not.include(hidden);
      }
    });

    it('says in both forms of a reply what the user wrote in one', async () => {
      const original = [
        `From: ${erin}`,
        `To: ${alice.address}`,
        `Subject: Quoted ${version}`,
        '',
        'What do you say?',
        '',
      ];
      await alice.receive(original.join('\r\n'));
      await alice.sync();
      const itemId = alice.mails(`Quoted ${version}`)[0]?.serverId ?? '';
      const written = [`To: ${erin}`, 'Subject: Re', 'Content-Type: text/html', '', '<h1>Thanks</h1>', ''];
      const mime = Buffer.from(written.join('\r\n'));
      await smartMail(alice.device, 'SmartReply', { folderId: alice.inbox.serverId, itemId }, { mime });
      const { text, html } = await simpleParser(sink.take()[0]?.source ?? Buffer.alloc(0));
      for (const said of [text, html]) expect(said).to.include('Thanks').and.include('What do you say?');
    });

    it('does nothing twice when a request is repeated', async () => {
      const mail = { mime: mailTo(erin, 'X-Number: 3'), clientId: 'once', saveInSent: true };
      expect(await sendMail(alice.device, mail)).to.deep.equal({ http: 200 });
      const again = number >= 14 ? { http: 200, status: '118' } : { http: 200 };
      expect(await sendMail(alice.device, mail)).to.deep.equal(again);
      const [one, other] = await Promise.all(
        ['a', 'b'].map(() => sendMail(alice.device, { ...mail, mime: mailTo(erin, 'X-Number: 4'), clientId: 'twin' })),
      );
      expect([one, other]).to.have.deep.members([{ http: 200 }, again]);
      expect(sink.take()).to.have.length(2);
    });

    it('refuses what cannot be sent', async () => {
      expect(
        await sendMail(alice.device, { mime: Buffer.from('From: alice@example.com\r\nSubject: Nobody\r\n\r\n') }),
      ).to.deep.equal(refused('119', 500));
      expect(await sendMail(alice.device, { mime: Buffer.from('\r\n\r\nno header') })).to.deep.equal(
        refused('107', 400),
      );
      const named = { folderId: alice.inbox.serverId, itemId: `${alice.inbox.serverId}:99999` };
      for (const command of ['SmartReply', 'SmartForward'] as const)
        expect(await smartMail(alice.device, command, named, { mime: mailTo(erin) })).to.deep.equal(
          refused('150', 500),
        );
      expect(sink.take()).to.deep.equal([]);
    });

    it('sends an invitation on, with its organizer', async () => {
      const start = Math.ceil(Date.now() / hour) * hour + 100 * hour;
      const uid = `forward-${version}@elsewhere.test`;
      const event = [
        'ORGANIZER:mailto:boss@elsewhere.test',
        'ATTENDEE;RSVP=TRUE:mailto:alice@example.com',
        `DTSTART:${compact(start)}`,
        `DTEND:${compact(start + hour)}`,
      ];
      const from = 'boss@elsewhere.test';
      await alice.receive(itipMail({ method: 'REQUEST', from, to: alice.address, subject: 'Forward me', uid, event }));
      await alice.sync();
      const itemId = alice.mails('Forward me')[0]?.serverId ?? '';
      const named = { folderId: alice.inbox.serverId, itemId };
      expect(await smartMail(alice.device, 'SmartForward', named, { mime: mailTo(erin) })).to.deep.equal({ http: 200 });
      const { serverId = '' } = alice.meeting('Forward me') ?? {};
      const event2 = { folderId: alice.calendar.serverId, itemId: serverId };
      expect(
        await smartMail(alice.device, 'SmartForward', event2, { mime: mailTo(erin, 'X-Number: 5') }),
      ).to.deep.equal({ http: 200 });
      for (const { source } of sink.take()) {
        const parsed = await simpleParser(source);
        const parts = parsed.attachments.filter(({ contentType }) => contentType === 'text/calendar');
        expect(parts).to.have.length(1);
        const text = parts[0]?.content.toString('utf8').replaceAll(/\r?\n /g, '');
        expect(text)
          .to.match(/^METHOD:REQUEST\r?$/m)
          .and.to.include(`UID:${uid}`)
          .and.to.include('mailto:boss@elsewhere.test');
        expect(parsed.text).to.include('Words');
      }
    });

    it('sends an event without guests along, to be kept and not to be answered', async () => {
      const start = Math.ceil(Date.now() / hour) * hour + 150 * hour;
      const data = [
        element(Calendar.Subject, 'Mine'),
        element(Calendar.StartTime, compact(start)),
        element(Calendar.EndTime, compact(start + hour)),
        element(
          Calendar.Recurrence,
          element(Calendar.Type, 0),
          element(Calendar.Interval, 1),
          element(Calendar.Occurrences, 3),
        ),
      ];
      const { responses } = await alice.change({ kind: 'add', clientId: 'mine', data });
      const source = {
        folderId: alice.calendar.serverId,
        itemId: responses[0]?.child(AirSync.ServerId)?.text ?? '',
      };
      const instanceId = new Date(start + 24 * hour).toISOString();
      const texts: string[] = [];
      for (const named of [source, { ...source, instanceId }]) {
        const mime = mailTo(erin, `X-Number: ${texts.length}`);
        expect(await smartMail(alice.device, 'SmartForward', named, { mime })).to.deep.equal({ http: 200 });
        const { attachments } = await simpleParser(sink.take()[0]?.source ?? Buffer.alloc(0));
        texts.push(attachments.find(({ contentType }) => contentType === 'text/calendar')?.content.toString() ?? '');
      }
      const [series, occurrence] = texts;
      for (const text of [series, occurrence])
        expect(text).to.include('METHOD:PUBLISH').and.include('mailto:alice@example.com').and.not.include('ATTENDEE');
      expect(series).to.include('RRULE:').and.not.include('RECURRENCE-ID');
      expect(occurrence)
        .to.include(`RECURRENCE-ID:${compact(start + 24 * hour)}`)
        .and.not.include('RRULE:');
    });

    if (number >= 14)
      it('knows one account and no rights management', async () => {
        const body = (...more: ReturnType<typeof element>[]) =>
          element(
            ComposeMail.SendMail,
            element(ComposeMail.ClientId, 'account'),
            ...more,
            element(ComposeMail.Mime, mailTo(erin)),
          );
        const status = async (...more: ReturnType<typeof element>[]) =>
          (await alice.device.send('SendMail', body(...more))).element?.child(ComposeMail.Status)?.text;
        expect(await status(element(ComposeMail.AccountId, 'second'))).to.equal('166');
        expect(await status(element(RightsManagement.TemplateID, 'c4d5a1b2-0000-0000-0000-000000000001'))).to.equal(
          '168',
        );
        expect(sink.take()).to.deep.equal([]);
        expect(await status(element(RightsManagement.TemplateID, '00000000-0000-0000-0000-000000000000'))).to.equal(
          undefined,
        );
        expect(sink.take()).to.have.length(1);
      });

    if (number < 16) return;

    describe('an event to others', () => {
      it('goes to each, once, and names the organizer', async () => {
        const { serverId = '' } = alice.meeting('Forward me') ?? {};
        const named = { folderId: alice.calendar.serverId, itemId: serverId };
        const forward = {
          forwardees: [{ email: erin, name: 'Erin' }, { email: 'bob@example.com' }],
          text: 'Join us',
          clientId: 'fw1',
        };
        expect(await forwardMeeting(alice.device, named, forward)).to.deep.equal({ http: 200 });
        expect(await forwardMeeting(alice.device, named, forward)).to.deep.equal({ http: 200, status: '118' });
        const [mail, ...more] = sink.take();
        expect(more).to.deep.equal([]);
        const parsed = await simpleParser(mail?.source ?? Buffer.alloc(0));
        expect(parsed.subject).to.equal('FW: Forward me');
        expect(parsed.text).to.include('Join us');
        const [part] = parsed.attachments;
        expect(part?.content.toString('utf8').replaceAll(/\r?\n /g, ''))
          .to.include('mailto:boss@elsewhere.test')
          .and.to.include(`mailto:${erin}`);
      });

      it('is refused with elements that do not go with it, and without people', async () => {
        const { serverId = '' } = alice.meeting('Forward me') ?? {};
        const source = element(
          ComposeMail.Source,
          element(ComposeMail.FolderId, alice.calendar.serverId),
          element(ComposeMail.ItemId, serverId),
        );
        const forwardees = (email: string) =>
          element(ComposeMail.Forwardees, element(ComposeMail.Forwardee, element(ComposeMail.Email, email)));
        const status = async (...more: ReturnType<typeof element>[]) => {
          const body = element(
            ComposeMail.SmartForward,
            element(ComposeMail.ClientId, crypto.randomUUID()),
            source,
            ...more,
          );
          return (await alice.device.send('SmartForward', body)).element?.child(ComposeMail.Status)?.text;
        };
        expect(await status(element(ComposeMail.SaveInSentItems), forwardees(erin))).to.equal('178');
        expect(await status(element(ComposeMail.Mime, mailTo(erin)), forwardees(erin))).to.equal('178');
        expect(await status(forwardees('nobody'))).to.equal('179');
        expect(await status()).to.equal('103');
        expect(sink.take()).to.deep.equal([]);
      });
    });

    describe('a draft', () => {
      const drafts = () => alice.device.folderOfType(3);
      let stored = 0;
      const storedDrafts = async () =>
        (await alice.ox.call('mail', 'all', { folder: 'default0/Drafts', columns: '600' })).data as unknown[];
      const data16 = (...more: ReturnType<typeof element>[]) => [
        element(Email.To, `"Erin" <${erin}>`),
        element(Email.Subject, 'Draft'),
        element(AirSyncBase.Body, element(AirSyncBase.Type, 1), element(AirSyncBase.Data, 'Written slowly\r\n')),
        ...more,
      ];
      before(async () => {
        await alice.device.syncAll(drafts());
        stored = (await storedDrafts()).length;
      });

      it('is sent when it is made to be sent, and is gone then', async () => {
        const key = alice.device.collection(drafts()).syncKey;
        const sending = [element(Email2.Bcc, 'hidden@elsewhere.test'), element(Email2.Send)];
        const changes = [{ kind: 'add' as const, clientId: 'draft-1', data: data16(...sending) }];
        const round = await alice.device.sync(drafts(), { changes });
        expect(round.responses[0]?.child(AirSync.Status)?.text).to.equal('1');
        const serverId = round.responses[0]?.child(AirSync.ServerId)?.text;
        // The answer was lost: the device asks again with the key that it has.
        alice.device.collection(drafts()).syncKey = key;
        const again = await alice.device.sync(drafts(), { changes });
        expect(again.responses[0]?.child(AirSync.ServerId)?.text).to.equal(serverId);

        const [mail, ...more] = sink.take();
        expect(more).to.deep.equal([]);
        expect(mail?.to).to.deep.equal([erin, 'hidden@elsewhere.test']);
        expect(mail?.source.toString()).to.include('Written slowly').and.not.to.include('hidden@');
        const rounds = [again, ...(await alice.device.syncAll(drafts()))];
        expect(rounds.flatMap(({ deleted }) => deleted)).to.deep.equal([serverId]);
        expect(alice.device.collection(drafts()).items.size).to.equal(stored);
      });

      it('is sent when a change says so', async () => {
        const made = await alice.device.sync(drafts(), {
          changes: [{ kind: 'add', clientId: 'draft-2', data: data16() }],
        });
        const serverId = made.responses[0]?.child(AirSync.ServerId)?.text ?? '';
        expect(sink.take()).to.deep.equal([]);
        const change = [element(Email.Subject, 'Draft, done'), element(Email2.Send)];
        const round = await alice.device.sync(drafts(), { changes: [{ kind: 'change', serverId, data: change }] });
        expect(round.responses).to.deep.equal([]);
        expect(round.deleted).to.deep.equal([serverId]);
        const [mail, ...more] = sink.take();
        expect(more).to.deep.equal([]);
        const parsed = await simpleParser(mail?.source ?? Buffer.alloc(0));
        expect([parsed.subject, parsed.text?.trim()]).to.deep.equal(['Draft, done', 'Written slowly']);
        await alice.device.syncAll(drafts());
        expect(await storedDrafts()).to.have.length(stored);
      });

      it('goes on to be written under the id that it began with, and is sent so', async () => {
        const made = await alice.device.sync(drafts(), {
          changes: [{ kind: 'add', clientId: 'draft-9', data: data16() }],
        });
        const serverId = made.responses[0]?.child(AirSync.ServerId)?.text ?? '';
        // Each time the groupware makes another mail of it, of which the device is told; its open sheet does not know.
        for (const words of ['Once', 'Twice', 'Three times']) {
          const { syncKey } = alice.device.collection(drafts());
          const write = { changes: [{ kind: 'change' as const, serverId, data: [element(Email.Subject, words)] }] };
          const round = await alice.device.sync(drafts(), write);
          expect(round.responses, words).to.deep.equal([]);
          // The answer was lost: the device asks again.
          alice.device.collection(drafts()).syncKey = syncKey;
          expect((await alice.device.sync(drafts(), write)).responses, words).to.deep.equal([]);
        }
        expect(await storedDrafts()).to.have.length(stored + 1);
        const sending = [{ kind: 'change' as const, serverId, data: [element(Email2.Send)] }];
        expect((await alice.device.sync(drafts(), { changes: sending })).responses).to.deep.equal([]);
        const [mail, ...more] = sink.take();
        expect(more).to.deep.equal([]);
        expect(mail?.source.toString()).to.include('Three times');
        await alice.device.syncAll(drafts());
        expect(await storedDrafts()).to.have.length(stored);
      });

      it('is sent as the device wrote it when it is MIME', async () => {
        const mime = mailTo(erin, 'X-Number: 7', 'Message-ID: <mime-draft@phone.test>').toString();
        const body = element(AirSyncBase.Body, element(AirSyncBase.Type, 4), element(AirSyncBase.Data, mime));
        await alice.device.sync(drafts(), {
          changes: [{ kind: 'add', clientId: 'draft-3', data: [body, element(Email2.Send)] }],
        });
        const [mail] = sink.take();
        expect(mail?.source.toString()).to.include('X-Number: 7').and.to.include('\r\n\r\nWords');
      });

      it('stays with the device when it is for nobody', async () => {
        for (const [clientId, to] of [
          ['draft-4', ''],
          ['draft-5', 'not an address'],
        ] as const) {
          const data = [element(Email.To, to), element(Email.Subject, 'To nobody'), element(Email2.Send)];
          const round = await alice.device.sync(drafts(), { changes: [{ kind: 'add', clientId, data }] });
          expect(round.responses[0]?.child(AirSync.Status)?.text).to.equal('183');
        }
        expect(sink.take()).to.deep.equal([]);
        expect(await storedDrafts()).to.have.length(stored);
      });
    });
  });
}
