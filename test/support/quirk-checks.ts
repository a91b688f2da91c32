import { AirSync, Calendar, Contacts, Email, type Element, ResolveRecipients, Tasks, element } from '@oxtender/eas';
import { Device, type DeviceProfile, profiles, respond, sendMail } from '@oxtender/eas-device';
import { expect } from 'chai';
import type { HostProcess } from './host-process';
import { itipMail } from './itip';
import type { Person } from './person';

/** What a quirk is shown on: a real host with two people of whom one has a phone. */
export interface QuirkScene {
  readonly host: HostProcess;
  /** A phone of Alice's, set up; taken away after the test. */
  readonly phone: (profile?: DeviceProfile) => Promise<Device>;
  readonly person: (address: string, profile?: DeviceProfile) => Promise<Person>;
}

export type QuirkCheck = (scene: QuirkScene) => Promise<void>;

const old: DeviceProfile = { ...profiles.samsung, version: '14.1' };
const status = (response: Element | undefined) => response?.child(AirSync.Status)?.text;
const mail = (subject: string, to: string) =>
  Buffer.from(`From: alice@example.com\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\nHello\r\n`);
const appointment = (...more: Element[]): Element[] => [
  element(Calendar.Subject, 'Dentist'),
  element(Calendar.StartTime, '20270105T090000Z'),
  element(Calendar.EndTime, '20270105T100000Z'),
  element(Calendar.BusyStatus, 2),
  element(Calendar.AllDayEvent, 0),
  element(Calendar.Sensitivity, 0),
  ...more,
];

/** Checks by what they show. */
export const quirkChecks = {
  sameAnswerToALostKey: async ({ phone }) => {
    const device = await phone();
    const inbox = device.folderOfType(2);
    await device.syncAll(inbox);
    for (let times = 0; times < 3; times++) {
      device.collection(inbox).syncKey = 'lost';
      expect((await device.sync(inbox)).status).to.equal(3);
    }
    device.collection(inbox).items.clear();
    const [, ...rounds] = await device.syncAll(inbox);
    expect(rounds.every((round) => round.status === 1)).to.equal(true);
  },

  sameAnswerAfterALostOne: async ({ phone }) => {
    const device = await phone();
    const contacts = device.folderOfType(9);
    await device.syncAll(contacts);
    const { syncKey } = device.collection(contacts);
    const data = [element(Contacts.FirstName, 'Lost'), element(Contacts.LastName, 'Answer')];
    const add = { changes: [{ kind: 'add', clientId: 'lost-1', data } as const] };
    const first = await device.sync(contacts, add);
    const ids = new Set([first.responses[0]?.child(AirSync.ServerId)?.text]);
    for (let times = 0; times < 3; times++) {
      device.collection(contacts).syncKey = syncKey;
      const again = await device.sync(contacts, add);
      ids.add(again.responses[0]?.child(AirSync.ServerId)?.text);
    }
    expect(ids.size).to.equal(1);
  },

  emptyFolderIsNoNews: async ({ phone, person }) => {
    const { ox } = await person('alice@example.com');
    await ox.call(
      'folders',
      'new',
      { folder_id: 'default0/INBOX', tree: '1' },
      { folder: { title: 'Empty', module: 'mail', subscribed: 1 } },
    );
    const device = await phone();
    const empty = [...device.folders.values()].find(({ displayName }) => displayName === 'Empty');
    if (!empty) throw new Error('the folder was not offered');
    expect((await device.syncAll(empty)).map((round) => round.added)).to.deep.equal([[], []]);
    const waiting = new AbortController();
    const ping = device.ping([empty], 60, waiting.signal).catch(() => ({ status: 0, changed: [] }));
    const inbox = device.folderOfType(2);
    await device.syncAll(inbox);
    waiting.abort();
    expect(await ping).to.deep.equal({ status: 0, changed: [] });
  },

  idsBeginWithALetter: async ({ phone }) => {
    const device = await phone();
    const inbox = device.folderOfType(2);
    await device.syncAll(inbox);
    const ids = [...device.folders.keys(), ...device.collection(inbox).items.keys()];
    expect(ids.filter((id) => !/^[A-Za-z]/.test(id))).to.deep.equal([]);
  },

  nothingMakesADeviceBeginAnew: async ({ phone }) => {
    const device = await phone();
    for (const answer of [await device.options(), await device.folderSync()])
      expect(Object.keys(answer.headers)).to.include('ms-asprotocolversions').and.not.include('x-ms-rp');
  },

  theOnlyRecipientIsTold: async ({ phone }) => {
    const device = await phone();
    const { element: answer } = await device.send(
      'ResolveRecipients',
      element(
        ResolveRecipients.ResolveRecipients,
        element(ResolveRecipients.To, 'bob@example.com'),
        element(ResolveRecipients.Options, element(ResolveRecipients.MaxAmbiguousRecipients, 0)),
      ),
    );
    const found = answer?.child(ResolveRecipients.Response)?.child(ResolveRecipients.Recipient);
    expect(found?.child(ResolveRecipients.EmailAddress)?.text).to.equal('bob@example.com');
  },

  semicolonsBetweenRecipients: async ({ phone, person }) => {
    const bob = await person('bob@example.com');
    const device = await phone(old);
    const mime = mail('Semicolons', 'bob@example.com; alice@example.com');
    expect(await sendMail(device, { mime })).to.deep.equal({ http: 200 });
    await bob.sync();
    expect(bob.mails('Semicolons')).to.have.length(1);
    const alice = await person('alice@example.com');
    expect(alice.mails('Semicolons')).to.have.length(1);
  },

  anEventThatIsThereIsFound: async ({ person }) => {
    const bob = await person('bob@example.com', old);
    const uid = 'added-before-the-calendar@elsewhere.test';
    const event = [
      'ORGANIZER:mailto:erin@elsewhere.test',
      'ATTENDEE:mailto:bob@example.com',
      'DTSTART:20270110T090000Z',
      'DTEND:20270110T100000Z',
    ];
    await bob.receive(
      itipMail({ method: 'REQUEST', from: 'erin@elsewhere.test', to: bob.address, subject: 'Twice', uid, event }),
    );
    await bob.device.syncAll(bob.inbox);
    const data = [
      ...appointment(element(Calendar.UID, uid), element(Calendar.MeetingStatus, 3)),
      element(Calendar.Attendees),
    ];
    const round = await bob.change({
      kind: 'add',
      clientId: 'twice-1',
      data: data.map((one) => (one.tag === Calendar.Subject ? element(Calendar.Subject, 'Twice') : one)),
    });
    expect(status(round.responses[0])).to.equal('1');
    await bob.sync();
    const found = await bob.webMeeting('Twice');
    expect(found).to.have.length(1);
    const told = bob.item(round.responses[0]?.child(AirSync.ServerId)?.text ?? '');
    expect(told?.child(Calendar.OrganizerEmail)?.text).to.equal('erin@elsewhere.test');
  },

  aRequestMailIsAnsweredInTheCalendar: async ({ person }) => {
    const bob = await person('bob@example.com', old);
    const uid = 'answered-in-the-calendar@elsewhere.test';
    const event = [
      'ORGANIZER:mailto:erin@elsewhere.test',
      'ATTENDEE:mailto:bob@example.com',
      'DTSTART:20270111T090000Z',
      'DTEND:20270111T100000Z',
    ];
    await bob.receive(
      itipMail({ method: 'REQUEST', from: 'erin@elsewhere.test', to: bob.address, subject: 'Asked', uid, event }),
    );
    await bob.sync();
    const requestId = bob.mails('Asked')[0]?.serverId ?? '';
    const [answer] = await respond(bob.device, [{ userResponse: 1, collectionId: bob.calendar.serverId, requestId }]);
    expect(answer).to.deep.include({ http: 200, status: '1' });
    await bob.sync();
    expect(bob.meeting('Asked')?.responseType).to.equal('3');
    expect(bob.mails('Asked')).to.deep.equal([]);
  },

  whatIsGoneIsGone: async ({ phone }) => {
    const device = await phone();
    const contacts = device.folderOfType(9);
    await device.syncAll(contacts);
    const [serverId = ''] = device.collection(contacts).items.keys();
    const removal = { changes: [{ kind: 'delete', serverId } as const] };
    expect((await device.sync(contacts, removal)).responses).to.deep.equal([]);
    const data = [element(Contacts.FirstName, 'Still')];
    const later = await device.sync(contacts, {
      changes: [
        { kind: 'delete', serverId },
        { kind: 'add', clientId: 'still', data },
      ],
    });
    expect(later.status).to.equal(1);
    expect(later.responses.map((one) => [one.tag.name, status(one)])).to.deep.include(['Add', '1']);
  },

  readAndFlagAtOnce: async ({ phone }) => {
    const device = await phone();
    const inbox = device.folderOfType(2);
    await device.syncAll(inbox);
    const [serverId = ''] = device.collection(inbox).items.keys();
    const flag = element(Email.Flag, element(Email.Status, 2), element(Email.FlagType, 'for Follow Up'));
    const data = [element(Email.Read, 1), flag];
    expect((await device.sync(inbox, { changes: [{ kind: 'change', serverId, data }] })).responses).to.deep.equal([]);
    const other = await phone();
    await other.syncAll(inbox);
    const seen = other.collection(inbox).items.get(serverId);
    expect([seen?.child(Email.Read)?.text, seen?.child(Email.Flag)?.child(Email.Status)?.text]).to.deep.equal([
      '1',
      '2',
    ]);
  },

  nothingComesBack: async ({ phone }) => {
    for (const profile of [profiles.ios, old]) {
      const device = await phone(profile);
      const added: readonly (readonly [type: number, data: readonly Element[]])[] = [
        [8, appointment(element(Calendar.Reminder, 15), element(Calendar.UID, `echo-${profile.version}`))],
        [
          9,
          [
            element(Contacts.FirstName, 'Anna'),
            element(Contacts.LastName, 'Echo'),
            element(Contacts.FileAs, 'Echo, Anna'),
          ],
        ],
        [
          7,
          [
            element(Tasks.Subject, 'Echo'),
            element(Tasks.Complete, 0),
            element(Tasks.Importance, 1),
            element(Tasks.Sensitivity, 0),
          ],
        ],
      ];
      for (const [type, data] of added) {
        const folder = device.folderOfType(type);
        await device.syncAll(folder);
        const round = await device.sync(folder, { changes: [{ kind: 'add', clientId: 'echo', data }] });
        expect(status(round.responses[0])).to.equal('1');
        const next = await device.sync(folder);
        expect([round.added, round.changed, next.added, next.changed], folder.displayName).to.deep.equal([
          [],
          [],
          [],
          [],
        ]);
      }
    }
  },

  aCheckOfAnAccountLeavesNoDevice: async ({ host }) => {
    await using device = new Device(
      { url: host.url, user: 'alice@example.com', password: 'secret' },
      { ...profiles.android, base64: false },
      'validate',
    );
    const answer = await device.folderSync();
    expect(answer.element?.children[0]?.text).to.not.equal('1');
    expect(await host.cli('devices', 'list', '--json')).to.not.include('"validate"');
  },

  mailsWithinMailsAreNamed: async ({ phone, person }) => {
    const alice = await person('alice@example.com');
    const parts = [
      'From: bob@example.com\r\nTo: alice@example.com\r\nSubject: A mail in a mail\r\nMIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee below',
      '--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: carol@example.com\r\nSubject: Inner\r\n\r\nInside\r\n--b--\r\n',
    ];
    await alice.receive(parts.join('\r\n'));
    const device = await phone();
    const inbox = device.folderOfType(2);
    await device.syncAll(inbox);
    const text = [...device.collection(inbox).items.values()]
      .filter((item) => item.child(Email.Subject)?.text === 'A mail in a mail')
      .flatMap((item) => item.children)
      .find(({ tag }) => tag.name === 'Attachments');
    const name = text?.children[0]?.children.find(({ tag }) => tag.name === 'DisplayName')?.text;
    expect(name).to.match(/\.eml$/);
  },
} satisfies Readonly<Record<string, QuirkCheck>>;
