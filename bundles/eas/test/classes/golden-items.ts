import type { Appointment, Contact, Message, Note, Task } from '@oxtender/bundle-api';

/** Items whose ApplicationData were compared by hand with the specification, and are kept as XML beside this file. */

export const contact: Contact = {
  displayName: 'Dr. Anna Miller',
  firstName: 'Anna',
  lastName: 'Miller',
  title: 'Dr.',
  company: 'Example Ltd.',
  jobTitle: 'Engineer',
  email1: 'anna@example.com',
  mobilePhone1: '+49 170 1',
  businessStreet: 'Street 1',
  businessCity: 'Berlin',
  birthday: '1980-02-29',
  children: ['Kim'],
  categories: ['Friends'],
  nickname: 'Annie',
  body: { format: 'text', content: 'Likes cake.' },
};

/** Mondays at nine in Berlin; once deleted, once at eleven. */
export const series: Appointment = {
  uid: 'series-1@example.com',
  title: 'Standup',
  start: Date.UTC(2026, 2, 2, 8),
  end: Date.UTC(2026, 2, 2, 8, 30),
  allDay: false,
  timeZone: 'Europe/Berlin',
  location: { displayName: 'Room 1', city: 'Berlin' },
  recurrence: { frequency: 'weekly', interval: 1, daysOfWeek: 2, until: '2026-06-29' },
  exceptions: [
    { originalStart: Date.UTC(2026, 2, 9, 8), deleted: true },
    {
      originalStart: Date.UTC(2026, 3, 6, 7),
      title: 'Planning',
      start: Date.UTC(2026, 3, 6, 9),
      end: Date.UTC(2026, 3, 6, 10),
    },
  ],
  organizer: { name: 'Anna Miller', address: 'anna@example.com' },
  ownedByUser: true,
  attendees: [
    { name: 'Anna Miller', address: 'anna@example.com', role: 'required', status: 'accepted' },
    { name: 'Bob', address: 'bob@example.org', role: 'optional', status: 'tentative' },
  ],
  busyStatus: 'busy',
  sensitivity: 'normal',
  reminder: 15,
  categories: ['Team'],
  body: { format: 'html', content: '<p>Who does what</p>' },
  responseRequested: true,
  lastModified: Date.UTC(2026, 1, 1, 12),
};

export const holiday: Appointment = {
  uid: 'holiday-1@example.com',
  title: 'Holiday',
  start: Date.UTC(2026, 6, 1),
  end: Date.UTC(2026, 6, 3),
  allDay: true,
  busyStatus: 'away',
};

export const task: Task = {
  title: 'Water the plants',
  start: Date.UTC(2026, 5, 29),
  due: Date.UTC(2026, 6, 1),
  importance: 'high',
  sensitivity: 'private',
  status: 'in-progress',
  reminder: Date.UTC(2026, 6, 1, 7),
  recurrence: { frequency: 'monthly', interval: 1, daysOfWeek: 8, weekOfMonth: 1 },
  categories: ['Home'],
  body: { format: 'text', content: 'Not too much.' },
};

export const note: Note = {
  subject: 'Shopping',
  body: { format: 'text', content: 'Flour\nEggs' },
  categories: ['Home'],
  lastModified: Date.UTC(2026, 10, 22, 9),
};

export const message: Message = {
  subject: 'Re: Plan',
  from: [{ name: 'Bob', address: 'bob@example.org' }],
  to: [{ name: 'Anna Miller', address: 'anna@example.com' }],
  cc: [{ address: 'eve@example.org' }],
  replyTo: [{ address: 'bob@example.org' }, { address: 'office@example.org' }],
  receivedAt: Date.UTC(2026, 10, 22, 8),
  importance: 'high',
  read: false,
  answered: true,
  messageId: '<2@example.org>',
  references: ['<1@example.org>'],
  categories: ['Red'],
  followUp: { status: 'active', due: Date.UTC(2026, 10, 25), start: Date.UTC(2026, 10, 22) },
  bodies: [{ format: 'html', content: '<p>Hello <b>Anna</b></p>' }],
  attachments: [{ id: '2', fileName: 'plan.pdf', contentType: 'application/pdf', size: 1234 }],
};

export const invitation: Message = {
  ...message,
  subject: 'Plan',
  answered: false,
  calendar: [
    'BEGIN:VCALENDAR',
    'METHOD:REQUEST',
    'VERSION:2.0',
    'BEGIN:VEVENT',
    'UID:meeting-1',
    'DTSTAMP:20261120T080000Z',
    'DTSTART;TZID=Europe/Berlin:20261201T100000',
    'DTEND;TZID=Europe/Berlin:20261201T110000',
    'RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=5',
    'LOCATION:Room 1',
    'ORGANIZER;CN=Bob:mailto:bob@example.org',
    'ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:anna@example.com',
    'END:VEVENT',
    'END:VCALENDAR',
  ].join('\r\n'),
};
