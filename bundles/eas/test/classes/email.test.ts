import { expect } from 'chai';
import type { Message } from '@oxtender/bundle-api';
import { readChange, readNewItem, writeFlags, writeItem } from '../../src/classes';
import { AirSyncBase, Email, Email2, Tasks, element, type Element } from '../../src/wbxml';
import { applicationData, contextFor, overTheWire } from './context';

const mail: Message = {
  subject: 'Re: Plan',
  from: [{ name: 'Bob', address: 'bob@example.org' }],
  to: [{ name: 'Anna Miller', address: 'anna@example.com' }, { address: 'eve@example.org' }],
  sentAt: Date.UTC(2026, 10, 21, 8),
  read: false,
  messageId: '<2@example.org>',
  references: ['<1@example.org>'],
};

/** Names and texts of the elements that a device gets. */
function textsOf(message: Message, version: Parameters<typeof contextFor>[1]): Record<string, string> {
  const data = applicationData('Email', message, contextFor('Email', version));
  return Object.fromEntries(data.children.map(({ tag, text }) => [tag.name, text]));
}

describe('mails', () => {
  it('have what every device needs', () => {
    expect(textsOf(mail, '12.1')).to.deep.equal({
      To: '"Anna Miller" <anna@example.com>, eve@example.org',
      From: '"Bob" <bob@example.org>',
      Subject: 'Re: Plan',
      DateReceived: '2026-11-21T08:00:00.000Z',
      DisplayTo: 'Anna Miller; eve@example.org',
      ThreadTopic: 'Plan',
      Importance: '1',
      Read: '0',
      MessageClass: 'IPM.Note',
      InternetCPID: '65001',
      Flag: '',
      ContentClass: 'urn:content-classes:message',
    });
  });

  it('have conversation and draft in the versions that know them', () => {
    const data = applicationData('Email', mail, contextFor('Email', '16.1'));
    expect(data.child(Email2.ConversationId)?.content).to.have.length(16);
    expect(data.child(Email2.ConversationIndex)?.content).to.have.length(5);
    expect(data.child(Email2.IsDraft)?.text).to.equal('0');
    expect(textsOf(mail, '2.5')).to.not.have.any.keys('Flag', 'ContentClass', 'ConversationId', 'IsDraft');
  });

  it('name the Sender only when it is not From, and say when they came by Bcc', () => {
    const odd: Message = {
      ...mail,
      sender: { address: 'list@example.org' },
      bcc: [{ address: 'AM@example.com' }],
    };
    expect(textsOf(odd, '14.0')).to.include({ Sender: 'list@example.org', ReceivedAsBcc: '1' });
    expect(textsOf({ ...mail, sender: { address: 'bob@example.org' } }, '14.0')).to.not.have.any.keys(
      'Sender',
      'ReceivedAsBcc',
    );
  });

  const classes: readonly (readonly [Partial<Message>, string])[] = [
    [{ security: 'signed' }, 'IPM.Note.SMIME.MultipartSigned'],
    [{ security: 'encrypted' }, 'IPM.Note.SMIME'],
    [{ report: true }, 'REPORT.IPM.NOTE.NDR'],
    [{ security: 'none' }, 'IPM.Note'],
  ];
  for (const [fields, expected] of classes) {
    it(`${JSON.stringify(fields)} are ${expected}`, () => {
      expect(textsOf({ ...mail, ...fields }, '14.1')['MessageClass']).to.equal(expected);
    });
  }
});

describe('flags of mails', () => {
  const context = contextFor('Email', '14.1');
  const followUp: Message['followUp'] = {
    status: 'active',
    flagType: 'for Follow Up',
    start: Date.UTC(2026, 10, 22),
    due: Date.UTC(2026, 10, 25),
    reminder: Date.UTC(2026, 10, 25, 7),
    subject: 'Plan',
  };

  it('come back as they went', () => {
    const flags: Message = { read: true, followUp, categories: ['Red', 'Blue'] };
    const data = overTheWire(writeFlags(flags, context));
    expect(readChange('Email', data, context)({ read: false })).to.deep.equal(flags);
    const done: Message = { read: true, followUp: { status: 'complete', flagType: 'x', completedAt: 1000 } };
    expect(readChange('Email', overTheWire(writeFlags(done, context)), context)({ read: true })).to.deep.equal({
      followUp: done.followUp,
    });
  });

  it('are no change when they come back', () => {
    const current: Message = { ...mail, followUp, categories: ['Red'] };
    expect(readChange('Email', overTheWire(writeFlags(current, context)), context)(current)).to.deep.equal({});
  });

  it('are cleared by an empty Flag, and categories by an empty Categories', () => {
    const current: Message = { read: true, followUp, categories: ['Red'] };
    const data = overTheWire([element(Email.Flag), element(Email.Categories)]);
    expect(readChange('Email', data, context)(current)).to.deep.equal({ followUp: null, categories: null });
  });

  const status = (value: number, ...rest: Element[]): Element =>
    element(Email.Flag, element(Email.Status, value), element(Email.FlagType, 'f'), rest);
  const day = (tag: Element['tag'], date: string): Element => element(tag, `2026-11-${date}T00:00:00.000Z`);
  const broken: readonly (readonly [string, Element])[] = [
    ['a status that is none', status(3)],
    ['no type', element(Email.Flag, element(Email.Status, 2))],
    ['no time of completion', status(1)],
    ['some of its dates', status(2, day(Tasks.StartDate, '22'))],
    [
      'an end before its start',
      status(
        2,
        day(Tasks.StartDate, '23'),
        day(Tasks.UtcStartDate, '23'),
        day(Tasks.DueDate, '22'),
        day(Tasks.UtcDueDate, '22'),
      ),
    ],
    ['a reminder without its time', status(2, element(Tasks.ReminderSet, 1))],
  ];
  for (const [name, flag] of broken) {
    it(`are refused with ${name}`, () => {
      expect(() => readChange('Email', overTheWire([flag]), context))
        .to.throw()
        .with.property('code', 'INVALID_VALUE');
    });
  }

  it('are all that a device changes', () => {
    const data = overTheWire([element(Email.Subject, 'Other'), element(Email.Read, 1)]);
    expect(readChange('Email', data, context)(mail)).to.deep.equal({ read: true });
    const forbidden = overTheWire([element(Email2.Sender, 'x@example.com')]);
    expect(() => readChange('Email', forbidden, context))
      .to.throw()
      .with.property('code', 'READ_ONLY');
    const noFlag = overTheWire([element(Email.Read, '2')]);
    expect(() => readChange('Email', noFlag, context))
      .to.throw()
      .with.property('code', 'INVALID_VALUE');
  });

  it('go alone when nothing else changed', () => {
    const names = writeFlags({ read: true, answered: true }, context).map(({ tag, text }) => `${tag.name} ${text}`);
    expect(names).to.deep.equal(['Read 1', 'Flag ', 'LastVerbExecuted 1', 'Categories ']);
  });
});

describe('drafts', () => {
  const context = contextFor('Email', '16.1', { folderRole: 'drafts' });

  it('of a device have their parts', () => {
    const data = overTheWire([
      element(Email.To, '"Bob" <bob@example.org>; eve@example.org'),
      element(Email2.Bcc, 'kim@example.org'),
      element(Email.Subject, 'Plan'),
      element(Email.Importance, 2),
      element(AirSyncBase.Body, element(AirSyncBase.Type, 2), element(AirSyncBase.Data, '<p>Hi</p>')),
    ]);
    expect(readNewItem('Email', data, context)).to.deep.equal({
      read: true,
      draft: true,
      from: [{ name: 'Anna Miller', address: 'anna@example.com' }],
      to: [{ name: 'Bob', address: 'bob@example.org' }, { address: 'eve@example.org' }],
      bcc: [{ address: 'kim@example.org' }],
      subject: 'Plan',
      importance: 'high',
      bodies: [{ format: 'html', content: '<p>Hi</p>' }],
    });
  });

  it('of a device that sends them whole have their source', () => {
    const source = 'Subject: Plan\r\n\r\nHällo';
    const data = overTheWire([
      element(AirSyncBase.Body, element(AirSyncBase.Type, 4), element(AirSyncBase.Data, source)),
    ]);
    expect(Buffer.from(readNewItem('Email', data, context).source!).toString()).to.equal(source);
  });

  it('change in what the device wrote, other mails in their flags alone', () => {
    const data = overTheWire([
      element(Email.To, 'eve@example.org'),
      element(Email.Subject, 'Plan'),
      element(Email.Read, 1),
    ]);
    const draft: Message = { read: true, draft: true, to: [{ address: 'bob@example.org' }], subject: 'Plan' };
    expect(readChange('Email', data, context)(draft)).to.deep.equal({ to: [{ address: 'eve@example.org' }] });
    expect(readChange('Email', data, context)({ ...draft, draft: false, read: false })).to.deep.equal({ read: true });
  });

  it('are none up to 14.1', () => {
    expect(() => readNewItem('Email', overTheWire([]), contextFor('Email', '14.1')))
      .to.throw()
      .with.property('code', 'READ_ONLY');
  });
});

describe('meeting requests in mails', () => {
  const calendar = [
    'BEGIN:VCALENDAR',
    'METHOD:REQUEST',
    'VERSION:2.0',
    'BEGIN:VEVENT',
    'UID:meeting-1',
    'DTSTAMP:20261120T080000Z',
    'DTSTART;TZID=Europe/Berlin:20261201T100000',
    'DTEND;TZID=Europe/Berlin:20261201T110000',
    'RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=5',
    'SUMMARY:Plan',
    'LOCATION:Room 1',
    'ORGANIZER;CN=Bob:mailto:bob@example.org',
    'ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:anna@example.com',
    'SEQUENCE:0',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'TRIGGER:-PT15M',
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
  ].join('\r\n');
  const request = (text: string, version: Parameters<typeof contextFor>[1]) =>
    applicationData('Email', { ...mail, calendar: text }, contextFor('Email', version));
  const fieldsOf = (data: Element): Record<string, string> =>
    Object.fromEntries((data.child(Email.MeetingRequest)?.children ?? []).map(({ tag, text }) => [tag.name, text]));

  it('say when, where and who', () => {
    const data = request(calendar, '14.1');
    expect(data.child(Email.MessageClass)?.text).to.equal('IPM.Schedule.Meeting.Request');
    expect(data.child(Email.ContentClass)?.text).to.equal('urn:content-classes:calendarmessage');
    expect(fieldsOf(data)).to.include({
      AllDayEvent: '0',
      StartTime: '2026-12-01T09:00:00.000Z',
      DtStamp: '2026-11-20T08:00:00.000Z',
      EndTime: '2026-12-01T10:00:00.000Z',
      InstanceType: '1',
      Location: 'Room 1',
      Organizer: '"Bob" <bob@example.org>',
      Reminder: '900',
      ResponseRequested: '1',
      MeetingMessageType: '1',
    });
    expect(
      data
        .child(Email.MeetingRequest)
        ?.child(Email.Recurrences)
        ?.children[0]?.children.map(({ tag, text }) => `${tag.name} ${text}`),
    ).to.deep.equal(['Type 1', 'Occurrences 5', 'Interval 1', 'DayOfWeek 4', 'FirstDayOfWeek 1']);
  });

  it('are at the time of the zone that they name as Windows does, though they do not describe it', () => {
    const [named, iana] = ['Tokyo Standard Time', 'Asia/Tokyo'].map((zone) =>
      fieldsOf(request(calendar.replaceAll('Europe/Berlin', zone), '14.1')),
    );
    expect(named).to.include({ StartTime: '2026-12-01T01:00:00.000Z', EndTime: '2026-12-01T02:00:00.000Z' });
    expect(named).to.deep.equal(iana);
  });

  it('have GlobalObjId up to 14.1, UID and a Location container from 16.0', () => {
    expect(fieldsOf(request(calendar, '12.1')))
      .to.have.property('GlobalObjId')
      .that.matches(/^BAAAAIIA4AB0xbcQGoLgCA/);
    const modern = request(calendar, '16.0').child(Email.MeetingRequest);
    expect(modern?.children.map(({ tag }) => tag.name))
      .to.include('UID')
      .and.not.include('GlobalObjId');
    expect(modern?.child(AirSyncBase.Location)?.child(AirSyncBase.DisplayName)?.text).to.equal('Room 1');
  });

  const answers: readonly (readonly [string, string, string])[] = [
    ['CANCEL', 'NEEDS-ACTION', 'IPM.Schedule.Meeting.Canceled'],
    ['REPLY', 'ACCEPTED', 'IPM.Schedule.Meeting.Resp.Pos'],
    ['REPLY', 'TENTATIVE', 'IPM.Schedule.Meeting.Resp.Tent'],
    ['REPLY', 'DECLINED', 'IPM.Schedule.Meeting.Resp.Neg'],
    ['PUBLISH', 'ACCEPTED', 'IPM.Note'],
  ];
  for (const [method, status, expected] of answers) {
    it(`${method} with ${status} is ${expected}`, () => {
      const text = calendar.replace('METHOD:REQUEST', `METHOD:${method}`).replace('NEEDS-ACTION', status);
      expect(request(text, '14.1').child(Email.MessageClass)?.text).to.equal(expected);
    });
  }

  it('bring a proposal of another time to devices of 16.1', () => {
    const text = calendar.replace('METHOD:REQUEST', 'METHOD:COUNTER');
    expect(fieldsOf(request(text, '16.1'))).to.include({
      ProposedStartTime: '20261201T090000Z',
      ProposedEndTime: '20261201T100000Z',
    });
    expect(request(text, '16.0').child(Email.MeetingRequest)).to.equal(undefined);
  });

  it('mean one occurrence by its original start', () => {
    const text = calendar.replace(/RRULE.*\r\n/, 'RECURRENCE-ID;TZID=Europe/Berlin:20261208T100000\r\n');
    expect(fieldsOf(request(text, '14.1'))).to.include({
      InstanceType: '3',
      RecurrenceId: '2026-12-08T09:00:00.000Z',
    });
  });

  it('are plain mails when the part cannot be read', () => {
    expect(request('BEGIN:VCALENDAR\r\nnonsense', '14.1').child(Email.MessageClass)?.text).to.equal('IPM.Note');
  });
});

describe('attachments of mails', () => {
  const message: Message = {
    ...mail,
    attachments: [
      { id: '2', fileName: 'plan.pdf', contentType: 'application/pdf', size: 1234 },
      { id: '3.1', fileName: 'Fwd', contentType: 'message/rfc822', size: 99, message: true },
      { id: '4', fileName: 'a.png', contentType: 'image/png', size: 5, inline: true, contentId: 'cid1' },
    ],
  };
  const listed = (version: Parameters<typeof contextFor>[1], tag: Element['tag']) =>
    overTheWire(writeItem('Email', message, contextFor('Email', version), 'F1:7'))
      .child(tag)
      ?.children.map((one) => one.children.map((field) => `${field.tag.name} ${field.text}`).join(', '));

  it('have name, reference, method and size', () => {
    expect(listed('12.1', AirSyncBase.Attachments)).to.deep.equal([
      'DisplayName plan.pdf, FileReference F1:7/2, Method 1, EstimatedDataSize 1234',
      'DisplayName Fwd.eml, FileReference F1:7/3.1, Method 5, EstimatedDataSize 99',
      'DisplayName a.png, FileReference F1:7/4, Method 1, EstimatedDataSize 5, ContentId cid1, IsInline 1',
    ]);
  });

  it('have elements of their own in 2.5', () => {
    expect(listed('2.5', Email.Attachments)?.[0]).to.equal(
      'AttName F1:7/2, AttSize 1234, AttMethod 1, DisplayName plan.pdf',
    );
    expect(listed('2.5', AirSyncBase.Attachments)).to.equal(undefined);
  });
});
