import { DisposableStore } from '@oxtender/bundle-api';
import { AirSync, AirSyncBase, Email, Email2, Move, element } from '@oxtender/eas';
import { Device, type DeviceProfile, profiles, respond, sendMail } from '@oxtender/eas-device';
import { expect } from 'chai';
import { DataFolder, HostProcess } from './support/host-process';
import { compact, itipMail } from './support/itip';
import { Person } from './support/person';
import { SmtpSink } from './support/smtp-sink';

const erin = 'erin@elsewhere.test';
const hour = 3_600_000;

const kinds: Readonly<Record<string, DeviceProfile>> = {
  '12.1': { ...profiles.nokia, version: '12.1' },
  '16.1': { ...profiles.ios, version: '16.1' },
};

for (const [version, profile] of Object.entries(kinds)) {
  const modern = version === '16.1';

  describe(`the host is killed between the groupware's work and its own answer, ${version}`, function () {
    this.timeout(180_000);
    const [groupwareData, hostData] = [new DataFolder(), new DataFolder()];
    const cleanUp = new DisposableStore();
    let sink: SmtpSink;
    let groupware: HostProcess;
    let host: HostProcess;
    let alice: Person;

    before(async () => {
      cleanUp.add(groupwareData);
      cleanUp.add(hostData);
      sink = await SmtpSink.start();
      cleanUp.add(() => sink[Symbol.asyncDispose]());
      groupware = await HostProcess.start(groupwareData.path, {
        set: { 'ox.sandbox.smtp.url': sink.url, 'ox.sandbox.knobs': 'true', 'ox.sandbox.max_rate': '0' },
      });
      cleanUp.add(() => groupware[Symbol.asyncDispose]());
      host = await startHost();
      cleanUp.add(() => host[Symbol.asyncDispose]());
      alice = await Person.arrive(host.url, 'alice@example.com', profile, 'LOSTALICE', groupware.url);
      cleanUp.add(() => alice[Symbol.asyncDispose]());
    });

    after(() => cleanUp.dispose());

    const startHost = () =>
      HostProcess.start(hostData.path, { seed: 'none', set: { 'ox.url': `${groupware.url}/ajax` } });

    const turn = async (action: string, parameters: Record<string, string> = {}): Promise<unknown> => {
      const query = new URLSearchParams({ action, ...parameters }).toString();
      return (
        (await (await fetch(`${groupware.url}/ajax/sandbox?${query}`, { method: 'POST' })).json()) as { data: unknown }
      ).data;
    };

    /** Lets OX do its work for `work`, and kills the host before it has heard of it; then starts it again. */
    async function killDuring(on: string, work: () => Promise<unknown>): Promise<void> {
      await turn('reset');
      await turn('hold', { on });
      const lost = work().then(
        () => 'answered',
        () => 'lost',
      );
      for (let held = 0; held === 0;) ({ held } = (await turn('held')) as { held: number });
      await host.stop('SIGKILL');
      expect(await lost).to.equal('lost');
      await turn('reset');
      host = await startHost();
      const { device } = alice;
      const again = new Device({ ...device.connection.account, url: host.url }, profile, device.connection.deviceId);
      await alice.reconnect(again);
    }

    const countOf = async (folder: string, column = '600') =>
      ((await alice.ox.call('mail', 'all', { folder, columns: column })).data as unknown[]).length;

    it('a mail goes out once', async () => {
      const lines = [
        'From: alice@example.com',
        `To: ${erin}`,
        'Subject: Once',
        'Date: Mon, 23 Nov 2026 10:00:00 +0100',
      ];
      const mail = {
        mime: Buffer.from(`${lines.join('\r\n')}\r\n\r\nOnce\r\n`),
        clientId: 'killed-1',
        saveInSent: true,
      };
      const before = await countOf('default0/Sent');
      await killDuring('mail:new', () => sendMail(alice.device, mail));
      expect(await sendMail(alice.device, mail)).to.deep.equal(modern ? { http: 200, status: '118' } : { http: 200 });
      expect(sink.take()).to.have.length(1);
      expect(await countOf('default0/Sent')).to.equal(before + 1);
    });

    it('a mail of which no copy is wanted goes out once, and leaves none', async () => {
      const lines = [
        'From: alice@example.com',
        `To: ${erin}`,
        'Subject: No copy',
        'Date: Mon, 23 Nov 2026 11:00:00 +0100',
      ];
      const mail = { mime: Buffer.from(`${lines.join('\r\n')}\r\n\r\nNo copy\r\n`), clientId: 'killed-2' };
      const before = await countOf('default0/Sent');
      await killDuring('mail:new', () => sendMail(alice.device, mail));
      await sendMail(alice.device, mail);
      expect(sink.take()).to.have.length(1);
      expect(await countOf('default0/Sent')).to.equal(before);
    });

    for (const [name, subject, header] of [
      ['a mail', 'Move me', 'Message-ID: <move@x>\r\n'],
      ['a mail without Message-ID', 'Move me too', ''],
    ] as const)
      it(`${name} is moved once, whether the answer or the host is lost`, async () => {
        await alice.receive(`From: ${erin}\r\nTo: alice@example.com\r\nSubject: ${subject}\r\n${header}\r\nText\r\n`);
        await alice.sync();
        const { serverId = '' } = alice.mails(subject)[0] ?? {};
        const target = alice.device.folderOfType(4);
        const move = () =>
          alice.device.send(
            'MoveItems',
            element(
              Move.MoveItems,
              element(
                Move.Move,
                element(Move.SrcMsgId, serverId),
                element(Move.SrcFldId, alice.inbox.serverId),
                element(Move.DstFldId, target.serverId),
              ),
            ),
          );
        const before = await countOf('default0/Trash');
        // OX gets the move together with a question about flags.
        await killDuring('multiple', move);
        // Mails get another id when they are moved: the host finds it, and gives the same answer from then on.
        const response = (await move()).element?.child(Move.Response);
        expect(response?.child(Move.Status)?.text).to.equal('3');
        const moved = response?.child(Move.DstMsgId)?.text ?? '';
        expect((await move()).element?.child(Move.Response)?.child(Move.DstMsgId)?.text).to.equal(moved);
        expect(await countOf('default0/Trash')).to.equal(before + 1);
        // A phone moves its own copy when it is told so: nothing more comes of either folder.
        const [from, to] = [alice.device.collection(alice.inbox).items, alice.device.collection(target).items];
        to.set(moved, from.get(serverId) ?? element(Email.Subject));
        from.delete(serverId);
        await alice.device.syncAll(target);
        await alice.sync();
        expect(alice.mails(subject)).to.deep.equal([]);
        const subjects = [...alice.device.collection(target).items.values()].map(
          (item) => item.child(Email.Subject)?.text,
        );
        expect(subjects.filter((one) => one === subject)).to.have.length(1);
        expect([...alice.device.collection(target).items.keys()]).to.include(moved);
      });

    for (const [step, on] of modern
      ? ([
          ['the new text is written', 'mail:import'],
          ['the old text is deleted', 'mail:delete'],
          ['it is sent', 'mail:new'],
        ] as const)
      : [])
      it(`a draft that is changed and sent goes out once, killed when ${step}`, async () => {
        const drafts = () => alice.device.folderOfType(3);
        await alice.device.syncAll(drafts());
        const before = await countOf('default0/Drafts');
        const text = (words: string) =>
          element(AirSyncBase.Body, element(AirSyncBase.Type, 1), element(AirSyncBase.Data, words));
        const data = [element(Email.To, erin), element(Email.Subject, step), text('Old')];
        const made = await alice.device.sync(drafts(), { changes: [{ kind: 'add', clientId: on, data }] });
        const serverId = made.responses[0]?.child(AirSync.ServerId)?.text ?? '';
        await alice.device.syncAll(drafts());
        const change = { kind: 'change', serverId, data: [text('New'), element(Email2.Send)] } as const;
        await killDuring(on, () => alice.device.sync(drafts(), { changes: [change] }));
        const again = await alice.device.sync(drafts(), { changes: [change] });
        expect(again.responses).to.deep.equal([]);
        await alice.device.syncAll(drafts());
        const [mail, ...more] = sink.take();
        expect(more).to.deep.equal([]);
        expect(mail?.source.toString()).to.include('New').and.not.to.include('Old');
        expect(await countOf('default0/Drafts')).to.equal(before);
        expect(alice.device.collection(drafts()).items.has(serverId)).to.equal(false);
      });

    for (const [step, on] of [
      ['the calendar', 'calendar:confirm'],
      ...(modern ? [['the mail to the organizer', 'mail:new'] as const] : []),
      ['the deletion of the request', 'mail:delete'],
    ] as const)
      it(`a meeting is answered once, killed at ${step}`, async () => {
        const uid = `${on}-${version}@elsewhere.test`;
        const subject = `Killed at ${step}`;
        const start = Math.ceil(Date.now() / hour) * hour + 50 * hour;
        const event = [
          `ORGANIZER:mailto:${erin}`,
          'ATTENDEE;RSVP=TRUE:mailto:alice@example.com',
          `DTSTART:${compact(start)}`,
          `DTEND:${compact(start + hour)}`,
        ];
        await alice.receive(itipMail({ method: 'REQUEST', from: erin, to: alice.address, subject, uid, event }));
        await alice.sync();
        const requestId = alice.mails(subject)[0]?.serverId ?? '';
        const sendResponse = { text: 'Fine' };
        const answer = { userResponse: 1 as const, collectionId: alice.inbox.serverId, requestId, sendResponse };
        await killDuring(on, () => respond(alice.device, [answer]));
        const calendarId = alice.meeting(subject)?.serverId;
        expect(await respond(alice.device, [answer])).to.deep.equal([{ http: 200, status: '1', calendarId }]);
        expect(await respond(alice.device, [answer])).to.deep.equal([{ http: 200, status: '1', calendarId }]);
        expect(sink.take()).to.have.length(modern ? 1 : 0);
        await alice.sync();
        expect(alice.mails(subject)).to.deep.equal([]);
        const [web] = await alice.webMeeting(subject);
        expect(web?.users.map(({ confirm }) => confirm)).to.deep.equal([1]);
      });
  });
}
