import { DisposableStore } from '@oxtender/bundle-api';
import { AirSync, AirSyncBase, Calendar, Email, type Element, MeetingResponse, element } from '@oxtender/eas';
import { type DeviceProfile, profiles, respond, sendMail } from '@oxtender/eas-device';
import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { DataFolder, HostProcess } from './support/host-process';
import { compact, itipMail } from './support/itip';
import { Person } from './support/person';
import { SmtpSink } from './support/smtp-sink';

const hour = 3_600_000;
const day = 24 * hour;
const erin = 'erin@elsewhere.test';

const kinds: Readonly<Record<string, DeviceProfile>> = {
  '14.1': { ...profiles.samsung, version: '14.1' },
  '16.1': { ...profiles.ios, version: '16.1' },
};

/** OX's modules for appointments. */
const modules = ['legacy', 'chronos'] as const;

/** The next Monday, 09:00 UTC, in the weeks to come. */
const monday = (() => {
  const today = Math.floor(Date.now() / day) * day;
  return today + ((8 - new Date(today).getUTCDay()) % 7) * day + 7 * day + 9 * hour;
})();

/** What a mail says about a meeting: method and the lines of its event. */
async function itipOf(source: Buffer): Promise<{ method: string; lines: string[]; subject: string; text: string }> {
  const parsed = await simpleParser(source);
  const part = parsed.attachments.find(({ contentType }) => contentType === 'text/calendar');
  const text = (part?.content ?? Buffer.alloc(0)).toString('utf8').replaceAll(/\r?\n[ \t]/g, '');
  const lines = text.split(/\r?\n/);
  return {
    method: lines.find((line) => line.startsWith('METHOD:'))?.slice(7) ?? '',
    lines,
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
  };
}

for (const [version, profile, module] of Object.entries(kinds).flatMap(([version, profile]) =>
  modules.map((module) => [version, profile, module] as const),
)) {
  const modern = Number(version) >= 16;

  describe(`meetings with devices of ${version}, module ${module}`, function () {
    this.timeout(120_000);
    const data = new DataFolder();
    const cleanUp = new DisposableStore();
    let sink: SmtpSink;
    let host: HostProcess;
    let alice: Person;
    let bob: Person;

    before(async () => {
      cleanUp.add(data);
      sink = await SmtpSink.start();
      cleanUp.add(() => sink[Symbol.asyncDispose]());
      host = await HostProcess.start(data.path, { set: { 'ox.sandbox.smtp.url': sink.url, 'ox.calendar': module } });
      cleanUp.add(() => host[Symbol.asyncDispose]());
      alice = await Person.arrive(host.url, 'alice@example.com', profile, 'MEETALICE');
      bob = await Person.arrive(host.url, 'bob@example.com', profile, 'MEETBOB');
      cleanUp.add(() => alice[Symbol.asyncDispose]());
      cleanUp.add(() => bob[Symbol.asyncDispose]());
    });

    after(() => cleanUp.dispose());

    /** Up to 14.1 the device itself mails those whom it invites. */
    async function deviceMails(
      person: Person,
      to: readonly string[],
      method: 'REQUEST' | 'CANCEL',
      event: readonly string[],
    ) {
      if (modern) return;
      const source = itipMail({ method, from: person.address, to, subject: title, uid: uidOf(person), event });
      expect(await sendMail(person.device, { mime: Buffer.from(source), saveInSent: true })).to.deep.equal({
        http: 200,
      });
    }

    /** Up to 14.1 the device itself mails the organizer. */
    async function deviceAnswers(person: Person, to: string, partstat: string, extra: readonly string[] = []) {
      if (modern) return;
      const event = [
        `ORGANIZER:mailto:${to}`,
        `ATTENDEE;PARTSTAT=${partstat}:mailto:${person.address}`,
        ...times(monday),
        ...extra,
      ];
      const source = itipMail({ method: 'REPLY', from: person.address, to, subject: title, uid: uidOf(person), event });
      expect(await sendMail(person.device, { mime: Buffer.from(source), saveInSent: true })).to.deep.equal({
        http: 200,
      });
    }

    const title = 'Weekly review';
    const uidOf = (person: Person) => person.meeting(title)?.uid ?? '';
    const times = (start: number) => [`DTSTART:${compact(start)}`, `DTEND:${compact(start + hour)}`];
    const invited = (...addresses: string[]): Element =>
      element(
        Calendar.Attendees,
        addresses.map((address) =>
          element(
            Calendar.Attendee,
            element(Calendar.Email, address),
            element(Calendar.Name, address.split('@')[0] ?? ''),
            element(Calendar.AttendeeType, 1),
          ),
        ),
      );
    const seriesData = (): Element[] => [
      element(Calendar.StartTime, compact(monday)),
      element(Calendar.EndTime, compact(monday + hour)),
      element(Calendar.Subject, title),
      element(Calendar.MeetingStatus, 1),
      element(
        Calendar.Recurrence,
        element(Calendar.Type, 1),
        element(Calendar.Interval, 1),
        element(Calendar.DayOfWeek, 2),
        element(Calendar.Occurrences, 6),
      ),
      invited('bob@example.com', erin),
      element(Calendar.BusyStatus, 2),
      ...(modern ? [] : [element(Calendar.UID, 'device-made-uid-1@phone'), element(Calendar.AllDayEvent, 0)]),
    ];

    it('are offered to those who are invited, inside and outside, once', async () => {
      const round = await alice.change({ kind: 'add', clientId: 'series-1', data: seriesData() });
      expect(round.responses[0]?.child(AirSync.Status)?.text).to.equal('1');
      await alice.sync();
      await deviceMails(alice, ['bob@example.com', erin], 'REQUEST', [
        `ORGANIZER:mailto:${alice.address}`,
        'ATTENDEE;RSVP=TRUE:mailto:bob@example.com',
        `ATTENDEE;RSVP=TRUE:mailto:${erin}`,
        ...times(monday),
        'RRULE:FREQ=WEEKLY;COUNT=6',
      ]);
      await bob.sync();

      expect(alice.meeting(title)).to.deep.include({
        meetingStatus: '1',
        responseType: '1',
        attendees: { 'bob@example.com': '0', [erin]: '0' },
      });
      expect(bob.meeting(title)).to.deep.include({ meetingStatus: '3', responseType: '5', start: compact(monday) });
      expect(bob.mails(title)).to.have.length(1);
      const request = bob.mails(title)[0]?.data;
      expect(request?.child(Email.MessageClass)?.text).to.equal('IPM.Schedule.Meeting.Request');
      expect(request?.child(Email.MeetingRequest)?.child(Email.StartTime)?.text).to.equal(
        new Date(monday).toISOString(),
      );

      const [mail, ...more] = sink.take();
      expect(more).to.deep.equal([]);
      expect(mail?.to).to.deep.equal([erin]);
      const { method, lines } = await itipOf(mail?.source ?? Buffer.alloc(0));
      expect(method).to.equal('REQUEST');
      expect(lines).to.include(`UID:${uidOf(alice)}`);
      expect(uidOf(bob)).to.equal(uidOf(alice));
    });

    it('are accepted from the inbox: the organizer hears of it once, the request goes', async () => {
      const requestId = bob.mails(title)[0]?.serverId ?? '';
      const answer = {
        userResponse: 1 as const,
        collectionId: bob.inbox.serverId,
        requestId,
        ...(modern ? { sendResponse: { text: 'With pleasure' } } : {}),
      };
      const [result] = await respond(bob.device, [answer]);
      expect(result).to.deep.equal({ http: 200, status: '1', calendarId: bob.meeting(title)?.serverId });
      // The answer was lost: the device asks again.
      expect(await respond(bob.device, [answer])).to.deep.equal([result]);
      await deviceAnswers(bob, alice.address, 'ACCEPTED');

      await Promise.all([alice.sync(), bob.sync()]);
      expect(bob.mails(title)).to.deep.equal([]);
      expect(bob.meeting(title)).to.deep.include({ responseType: '3' });
      expect(alice.meeting(title)?.attendees).to.deep.equal({ 'bob@example.com': '3', [erin]: '0' });
      const answers = [...alice.device.collection(alice.inbox).items.values()].filter(
        (item) => item.child(Email.MessageClass)?.text === 'IPM.Schedule.Meeting.Resp.Pos',
      );
      expect(answers).to.have.length(1);
      const [web] = await alice.webMeeting(title);
      expect(web?.users.map(({ confirm }) => confirm)).to.deep.equal([1, 1]);
      expect(sink.take()).to.deep.equal([]);
    });

    /** What attendees propose, as the organizer's phone has it. */
    const proposals = () =>
      Object.fromEntries(
        (alice.appointments(title)[0]?.data.child(Calendar.Attendees)?.children ?? []).flatMap((one) => {
          const times = [MeetingResponse.ProposedStartTime, MeetingResponse.ProposedEndTime].map(
            (tag) => one.child(tag)?.text,
          );
          return times[0] === undefined ? [] : [[one.child(Calendar.Email)?.text ?? '', times]];
        }),
      );

    it('get another time proposed from outside, and an answer', async () => {
      const proposed = monday + 2 * hour;
      const common = { from: erin, to: alice.address, uid: uidOf(alice) };
      const attendee = (partstat: string) => [
        `ORGANIZER:mailto:${alice.address}`,
        `ATTENDEE;PARTSTAT=${partstat}:mailto:${erin}`,
      ];
      const counter = [...attendee('TENTATIVE'), ...times(proposed), 'COMMENT:Later?'];
      await alice.receive(itipMail({ method: 'COUNTER', ...common, subject: 'Counter', event: counter }));
      await alice.sync();
      const mail = alice.mails('Counter')[0]?.data;
      expect(mail?.child(Email.MessageClass)?.text).to.equal('IPM.Schedule.Meeting.Resp.Tent');
      if (modern) {
        const request = mail?.child(Email.MeetingRequest);
        expect(request?.child(MeetingResponse.ProposedStartTime)?.text).to.equal(compact(proposed));
      }
      expect(alice.meeting(title)).to.deep.include({ start: compact(monday) });
      expect(alice.meeting(title)?.attendees).to.deep.equal({ 'bob@example.com': '3', [erin]: '2' });
      expect(proposals()).to.deep.equal(modern ? { [erin]: [proposed, proposed + hour].map(compact) } : {});

      const reply = [...attendee('ACCEPTED'), ...times(monday)];
      await alice.receive(itipMail({ method: 'REPLY', ...common, subject: 'Reply', event: reply }));
      // Somebody else cannot answer for Erin.
      const forged = [...attendee('DECLINED'), ...times(monday)];
      await alice.receive(
        itipMail({ method: 'REPLY', ...common, from: 'mallory@elsewhere.test', subject: 'Forged', event: forged }),
      );
      await alice.sync();
      expect(alice.meeting(title)?.attendees).to.deep.equal({ 'bob@example.com': '3', [erin]: '3' });
      expect(proposals()).to.deep.equal({});
      const [web] = await alice.webMeeting(title);
      expect(web?.confirmations.map(({ status }) => status)).to.deep.equal([1]);
    });

    if (modern)
      it('get another time proposed by somebody of the same groupware', async () => {
        const { serverId: requestId = '' } = bob.meeting(title) ?? {};
        const [proposedStart, proposedEnd] = [monday + 4 * hour, monday + 5 * hour].map(compact) as [string, string];
        const answer = {
          userResponse: 2 as const,
          collectionId: bob.calendar.serverId,
          requestId,
          sendResponse: { text: 'Afternoon?', proposedStart, proposedEnd },
        };
        expect((await respond(bob.device, [answer]))[0]?.status).to.equal('1');
        await Promise.all([alice.sync(), bob.sync()]);
        // the meeting itself stays, for both
        expect(alice.meeting(title)).to.deep.include({ start: compact(monday) });
        expect(alice.meeting(title)?.attendees).to.deep.include({ 'bob@example.com': '2' });
        expect(bob.meeting(title)).to.deep.include({ start: compact(monday), responseType: '2' });
        const [mail, ...more] = alice.mails(`New Time Proposed: ${title}`);
        expect(more).to.deep.equal([]);
        expect(proposals()).to.deep.equal({ 'bob@example.com': [proposedStart, proposedEnd] });
        expect(mail?.data.child(AirSyncBase.Body)?.child(AirSyncBase.Data)?.text)
          .to.include('Afternoon?')
          .and.include('New Time Proposed: Monday');
        const request = mail?.data.child(Email.MeetingRequest);
        expect(mail?.data.child(Email.MessageClass)?.text).to.equal('IPM.Schedule.Meeting.Resp.Tent');
        expect(request?.child(MeetingResponse.ProposedStartTime)?.text).to.equal(proposedStart);
        expect(request?.child(MeetingResponse.ProposedEndTime)?.text).to.equal(proposedEnd);
        // the organizer moves the meeting there and back; bob accepts again
        await respond(bob.device, [{ ...answer, userResponse: 1, sendResponse: {} }]);
        await Promise.all([alice.sync(), bob.sync()]);
        expect(alice.meeting(title)?.attendees).to.deep.include({ 'bob@example.com': '3' });
        expect(proposals()).to.deep.equal({});
        expect(sink.take()).to.deep.equal([]);
      });

    it('are changed for one occurrence', async () => {
      const original = monday + 7 * day;
      const moved = original + 3 * hour;
      const serverId = alice.meeting(title)?.serverId ?? '';
      const change = [element(Calendar.StartTime, compact(moved)), element(Calendar.EndTime, compact(moved + hour))];
      if (modern) await alice.change({ kind: 'change', serverId, instanceId: compact(original), data: change });
      else {
        const exception = element(
          Calendar.Exception,
          element(Calendar.ExceptionStartTime, compact(original)),
          ...change,
        );
        await alice.change({
          kind: 'change',
          serverId,
          data: [...seriesData(), element(Calendar.Exceptions, exception)],
        });
      }
      await deviceMails(alice, ['bob@example.com', erin], 'REQUEST', [
        `ORGANIZER:mailto:${alice.address}`,
        'ATTENDEE;RSVP=TRUE:mailto:bob@example.com',
        `ATTENDEE;RSVP=TRUE:mailto:${erin}`,
        ...times(moved),
        `RECURRENCE-ID:${compact(original)}`,
        'SEQUENCE:1',
      ]);
      await Promise.all([alice.sync(), bob.sync()]);
      const exception = { of: compact(original), deleted: false, start: compact(moved) };
      expect(alice.meeting(title)?.exceptions).to.deep.equal([exception]);
      expect(bob.meeting(title)?.exceptions).to.deep.equal([exception]);
      expect(bob.mails(title)).to.have.length(1);
      const [mail, ...more] = sink.take();
      expect(more).to.deep.equal([]);
      const { lines } = await itipOf(mail?.source ?? Buffer.alloc(0));
      expect(lines).to.include.members([`RECURRENCE-ID:${compact(original)}`, `DTSTART:${compact(moved)}`]);
    });

    it('are answered for one occurrence', async () => {
      const original = monday + 14 * day;
      const { serverId = '' } = bob.meeting(title) ?? {};
      const answer = {
        userResponse: 2 as const,
        collectionId: bob.calendar.serverId,
        requestId: serverId,
        instanceId: new Date(original).toISOString(),
        ...(modern ? { sendResponse: {} } : {}),
      };
      expect(await respond(bob.device, [answer])).to.deep.equal([{ http: 200, status: '1', calendarId: serverId }]);
      expect(await respond(bob.device, [answer])).to.deep.equal([{ http: 200, status: '1', calendarId: serverId }]);
      await Promise.all([alice.sync(), bob.sync()]);
      const web = (await bob.webMeeting(title)).filter(({ isException }) => isException);
      const own = web.find(({ start }) => start === original)?.users.map(({ confirm }) => confirm);
      expect(own).to.deep.equal([1, 3]);
      const wrong = { ...answer, instanceId: new Date(original + hour).toISOString() };
      expect((await respond(bob.device, [wrong]))[0]?.status).to.equal('2');
      const answers = [...alice.device.collection(alice.inbox).items.values()].filter(
        (item) => item.child(Email.MessageClass)?.text === 'IPM.Schedule.Meeting.Resp.Tent',
      );
      // The others are the counter-proposals.
      expect(answers).to.have.length(modern ? 3 : 1);
    });

    it('are not sent again for what concerns nobody else', async () => {
      const { serverId = '' } = alice.meeting(title) ?? {};
      const reminder = element(Calendar.Reminder, 45);
      await alice.change({ kind: 'change', serverId, data: modern ? [reminder] : [...seriesData(), reminder] });
      await Promise.all([alice.sync(), bob.sync()]);
      expect(sink.take()).to.deep.equal([]);
      expect(bob.mails(title)).to.have.length(1);
    });

    it('are declined: the organizer hears of it once, and no CalendarId is told', async () => {
      const { serverId: requestId = '' } = bob.meeting(title) ?? {};
      const sendResponse = modern ? { sendResponse: {} } : {};
      const answer = { userResponse: 3 as const, collectionId: bob.calendar.serverId, requestId, ...sendResponse };
      for (let times = 0; times < 2; times++)
        expect(await respond(bob.device, [answer])).to.deep.equal([{ http: 200, status: '1', calendarId: undefined }]);
      await deviceAnswers(bob, alice.address, 'DECLINED');
      await Promise.all([alice.sync(), bob.sync()]);
      expect(alice.meeting(title)?.attendees).to.deep.include({ 'bob@example.com': '4' });
      // It leaves the phone, as Exchange takes it off the calendar; OX remembers it.
      expect(bob.meeting(title)).to.equal(undefined);
      const own = (await bob.webMeeting(title)).find(({ isException }) => !isException)?.users;
      expect(own?.map(({ confirm }) => confirm)).to.deep.equal([1, 2]);
      const answers = [...alice.device.collection(alice.inbox).items.values()].filter(
        (item) =>
          item.child(Email.MessageClass)?.text === 'IPM.Schedule.Meeting.Resp.Neg' &&
          item.child(Email.Subject)?.text.includes(title) === true,
      );
      expect(answers).to.have.length(1);
    });

    it('are cancelled', async () => {
      const { serverId = '' } = alice.meeting(title) ?? {};
      await deviceMails(alice, ['bob@example.com', erin], 'CANCEL', [
        `ORGANIZER:mailto:${alice.address}`,
        'ATTENDEE:mailto:bob@example.com',
        `ATTENDEE:mailto:${erin}`,
        ...times(monday),
        'SEQUENCE:2',
      ]);
      await alice.change({ kind: 'delete', serverId });
      await Promise.all([alice.sync(), bob.sync()]);
      expect(alice.meeting(title)).to.equal(undefined);
      expect(bob.meeting(title)).to.equal(undefined);
      expect(await bob.webMeeting(title)).to.deep.equal([]);
      const cancelled = [...bob.device.collection(bob.inbox).items.values()].filter(
        (item) => item.child(Email.MessageClass)?.text === 'IPM.Schedule.Meeting.Canceled',
      );
      expect(cancelled).to.have.length(1);
      const mails = await Promise.all(sink.take().map(({ source }) => itipOf(source)));
      expect(mails.map(({ method }) => method)).to.deep.equal(['CANCEL']);
    });

    describe('of somebody outside', () => {
      const uid = `outside-${version}@elsewhere.test`;
      const subject = 'Visit of Erin';
      const people = [`ORGANIZER;CN=Erin:mailto:${erin}`, 'ATTENDEE;RSVP=TRUE:mailto:alice@example.com'];
      const message = (method: 'REQUEST' | 'CANCEL', ...event: string[]) =>
        itipMail({ method, from: erin, to: alice.address, subject, uid, event: [...people, ...event] });

      it('come into the calendar, without an answer', async () => {
        await alice.receive(message('REQUEST', ...times(monday + hour), 'RRULE:FREQ=DAILY;COUNT=5', 'SEQUENCE:0'));
        await alice.sync();
        expect(alice.mails(subject)[0]?.data.child(Email.MeetingRequest)).to.not.equal(undefined);
        expect(alice.meeting(subject)).to.deep.include({
          meetingStatus: '3',
          responseType: '5',
          start: compact(monday + hour),
          uid,
        });
        expect(sink.take()).to.deep.equal([]);
      });

      it('are answered: by the server from 16.0, by the device before', async () => {
        const requestId = alice.mails(subject)[0]?.serverId ?? '';
        const sendResponse = { text: 'See you' };
        const answer = { userResponse: 1 as const, collectionId: alice.inbox.serverId, requestId, sendResponse };
        const [result] = await respond(alice.device, [answer]);
        expect(result).to.deep.equal({ http: 200, status: '1', calendarId: alice.meeting(subject)?.serverId });
        expect(await respond(alice.device, [answer])).to.deep.equal([result]);
        await alice.sync();
        expect(alice.meeting(subject)?.responseType).to.equal('3');
        const mails = sink.take();
        expect(mails).to.have.length(modern ? 1 : 0);
        if (!modern) return;
        const { method, lines, subject: title, text } = await itipOf(mails[0]?.source ?? Buffer.alloc(0));
        expect({ method, title, text: text.trim() }).to.deep.equal({
          method: 'REPLY',
          title: `Accepted: ${subject}`,
          text: 'See you',
        });
        expect(lines).to.include(`UID:${uid}`);
        expect(lines.find((line) => line.startsWith('ATTENDEE'))).to.match(
          /PARTSTAT=ACCEPTED.*:mailto:alice@example.com/,
        );
      });

      if (modern)
        it('get another time proposed', async () => {
          const { serverId = '' } = alice.meeting(subject) ?? {};
          const [proposedStart, proposedEnd] = [monday + 5 * hour, monday + 6 * hour].map(compact) as [string, string];
          const sendResponse = { text: 'Afternoon?', proposedStart, proposedEnd };
          const answer = {
            userResponse: 2 as const,
            collectionId: alice.calendar.serverId,
            requestId: serverId,
            sendResponse,
          };
          expect((await respond(alice.device, [answer]))[0]?.status).to.equal('1');
          const [mail, ...more] = sink.take();
          expect(more).to.deep.equal([]);
          const { method, lines } = await itipOf(mail?.source ?? Buffer.alloc(0));
          expect(method).to.equal('COUNTER');
          expect(lines).to.include.members([`DTSTART:${proposedStart}`, `DTEND:${proposedEnd}`, 'COMMENT:Afternoon?']);
        });

      it('are changed by mail, and by no older mail', async () => {
        await alice.receive(message('REQUEST', ...times(monday + 2 * hour), 'RRULE:FREQ=DAILY;COUNT=5', 'SEQUENCE:2'));
        await alice.sync();
        expect(alice.meeting(subject)?.start).to.equal(compact(monday + 2 * hour));
        await alice.receive(message('REQUEST', ...times(monday + 4 * hour), 'RRULE:FREQ=DAILY;COUNT=5', 'SEQUENCE:1'));
        await alice.sync();
        expect(alice.meeting(subject)?.start).to.equal(compact(monday + 2 * hour));
      });

      it('are changed and cancelled for one occurrence', async () => {
        const original = monday + day + 2 * hour;
        const id = `RECURRENCE-ID:${compact(original)}`;
        await alice.receive(message('REQUEST', ...times(original + 5 * hour), id, 'SEQUENCE:3'));
        await alice.receive(
          message('CANCEL', ...times(original + day), `RECURRENCE-ID:${compact(original + day)}`, 'SEQUENCE:3'),
        );
        await alice.sync();
        expect(alice.meeting(subject)?.exceptions).to.deep.equal([
          { of: compact(original), deleted: false, start: compact(original + 5 * hour) },
          { of: compact(original + day), deleted: true, start: undefined },
        ]);
      });

      it('are cancelled', async () => {
        await alice.receive(message('CANCEL', ...times(monday + 2 * hour), 'SEQUENCE:4'));
        await alice.sync();
        expect(alice.meeting(subject)).to.equal(undefined);
        expect(await alice.webMeeting(subject)).to.deep.equal([]);
      });
    });
  });
}
