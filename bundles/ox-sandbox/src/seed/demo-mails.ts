import { Flag } from '../store/mails';
import { day } from '../columns/body';
import { mailSubjects, sentences } from './vocabulary';

interface Person {
  readonly displayName: string;
  readonly mail: string;
}

export interface DemoMail {
  readonly folder: string;
  readonly flags: number;
  readonly source: Buffer;
}

/** The smallest picture that all readers show: one red dot. */
const redDot =
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC';

/** Mails of every build: plain, HTML, alternatives, attachments, pictures in the text, messages inside messages. */
export function demoMails(owner: Person, other: Person, today: number): DemoMail[] {
  const mail = (
    folder: string,
    flags: number,
    from: Person,
    to: Person,
    days: number,
    lines: readonly string[],
  ): DemoMail => {
    const date = new Date(today - days * day + 9 * 3_600_000).toUTCString().replace('GMT', '+0000');
    const id = `${folder.replace(/\W+/g, '-')}.${days}.${lines[0]?.length ?? 0}@example.com`;
    const head = [
      `From: ${phrase(from)}`,
      `To: ${phrase(to)}`,
      `Date: ${date}`,
      `Message-ID: <${id}>`,
      'MIME-Version: 1.0',
    ];
    return { folder, flags, source: Buffer.from([...head, ...lines, ''].join('\r\n')) };
  };
  const inbox = 'default0/INBOX';
  return [
    mail(inbox, 0, other, owner, 0, plain('Lunch today? 🍜', 'Shall we try the new ramen place?\r\n\r\nBye')),
    mail(
      inbox,
      Flag.seen,
      other,
      owner,
      1,
      html(
        '=?utf-8?Q?Gr=C3=BC=C3=9Fe_aus_M=C3=BCnchen?=',
        '<p>Hallo,</p><p>viele <b>Grüße</b> aus München – das Wetter ist <i>wunderbar</i>.</p>',
      ),
    ),
    mail(
      inbox,
      Flag.seen | Flag.flagged,
      other,
      owner,
      2,
      alternative('Draft of the contract', 'See the marked passages.', '<p>See the <u>marked</u> passages.</p>'),
    ),
    mail(inbox, 0, other, owner, 3, withAttachment('Photos of the summer party', 'Two pictures and the list.')),
    mail(
      inbox,
      Flag.seen | Flag.answered,
      other,
      owner,
      4,
      related('Our new logo', '<p>What do you think? <img src="cid:logo@example.com"></p>'),
    ),
    mail(inbox, Flag.seen, other, owner, 5, forwarded('Fwd: Delivery note')),
    mail(inbox, 0, other, owner, 6, invitation(owner, other, today)),
    mail(inbox, 0, other, owner, 7, ['X-Priority: 1', ...plain('Please confirm reception', 'This is important.')]),
    mail(
      inbox,
      Flag.seen,
      other,
      owner,
      8,
      latin1('=?iso-8859-1?Q?Best=E4tigung?=', 'Die Bestellung ist best=E4tigt. Gr=FC=DFe'),
    ),
    ...mailSubjects.map((subject, index) =>
      mail(
        inbox,
        index % 3 === 0 ? 0 : Flag.seen,
        other,
        owner,
        9 + index,
        plain(encode(subject), sentences.slice(index % 5, (index % 5) + 4).join('\r\n')),
      ),
    ),
    mail('default0/Sent', Flag.seen, owner, other, 2, plain('Re: Lunch today?', 'Yes, at noon.')),
    mail('default0/Sent', Flag.seen, owner, other, 6, plain('Minutes of our meeting', 'As discussed, see below.')),
    mail('default0/Drafts', Flag.draft | Flag.seen, owner, other, 1, plain('Idea', 'What if we')),
    mail('default0/Trash', Flag.seen, other, owner, 20, plain('Old news', 'Nothing of interest.')),
    mail(
      'default0/Spam',
      0,
      { displayName: 'Lucky You', mail: 'prize@example.invalid' },
      owner,
      3,
      plain('You have won!!!', 'Click here.'),
    ),
  ];
}

function phrase({ displayName, mail }: Person): string {
  return `${displayName} <${mail}>`;
}

function encode(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
}

function plain(subject: string, text: string): string[] {
  return [
    `Subject: ${encode(subject)}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    text,
  ];
}

function html(subject: string, text: string): string[] {
  return [`Subject: ${subject}`, 'Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', text];
}

function latin1(subject: string, text: string): string[] {
  return [
    `Subject: ${subject}`,
    'Content-Type: text/plain; charset=iso-8859-1',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    text,
  ];
}

function multipart(type: string, subject: string, parts: readonly (readonly string[])[], more = ''): string[] {
  const boundary = `=_${type}_${parts.flat().join('').length}`;
  return [
    ...(subject === '' ? [] : [`Subject: ${subject}`]),
    `Content-Type: multipart/${type}; boundary="${boundary}"${more}`,
    '',
    ...parts.flatMap((part) => [`--${boundary}`, ...part]),
    `--${boundary}--`,
  ];
}

const textPart = (text: string): string[] => [
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  text,
  '',
];
const htmlPart = (text: string): string[] => [
  'Content-Type: text/html; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  text,
  '',
];

function picture(name: string, disposition: string, cid?: string): string[] {
  return [
    `Content-Type: image/png; name="${name}"`,
    `Content-Disposition: ${disposition}; filename="${name}"`,
    ...(cid === undefined ? [] : [`Content-ID: <${cid}>`]),
    'Content-Transfer-Encoding: base64',
    '',
    redDot,
    '',
  ];
}

function alternative(subject: string, text: string, markup: string): string[] {
  return multipart('alternative', subject, [textPart(text), htmlPart(markup)]);
}

function withAttachment(subject: string, text: string): string[] {
  const list = [
    'Content-Type: text/csv; charset=utf-8',
    `Content-Disposition: attachment; filename*=utf-8''G%C3%A4steliste.csv`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('Name;Zusage\r\nJörg;ja\r\nRenée;nein\r\n').toString('base64'),
    '',
  ];
  return multipart('mixed', subject, [
    alternative('', text, `<p>${text}</p>`).concat(''),
    picture('party.png', 'attachment'),
    list,
  ]);
}

function related(subject: string, markup: string): string[] {
  return multipart(
    'related',
    subject,
    [htmlPart(markup), picture('logo.png', 'inline', 'logo@example.com')],
    '; type="text/html"',
  );
}

function forwarded(subject: string): string[] {
  const original = [
    'Content-Type: message/rfc822',
    'Content-Disposition: attachment; filename="Delivery note.eml"',
    '',
    'From: Logistics <logistics@example.org>',
    'To: bob@example.com',
    'Subject: Delivery note',
    'Date: Mon, 02 Nov 2026 08:00:00 +0000',
    'MIME-Version: 1.0',
    ...multipart('mixed', '', [textPart('Four pallets.'), picture('note.png', 'attachment')]),
    '',
  ];
  return multipart('mixed', subject, [textPart('For your files.'), original]);
}

function invitation(owner: Person, other: Person, today: number): string[] {
  const stamp = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
  const start = today + 12 * day + 13 * 3_600_000;
  const calendar = [
    'Content-Type: text/calendar; charset=utf-8; method=REQUEST',
    'Content-Transfer-Encoding: 8bit',
    '',
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//Demo//EN', 'METHOD:REQUEST', 'BEGIN:VEVENT'],
    ...[`UID:demo-invitation-${owner.mail}`, `DTSTAMP:${stamp(today)}`, `DTSTART:${stamp(start)}`],
    ...[`DTEND:${stamp(start + 3_600_000)}`, 'SUMMARY:Contract negotiation', 'LOCATION:Room Isar', 'SEQUENCE:0'],
    ...[`ORGANIZER;CN=${other.displayName}:mailto:${other.mail}`],
    ...[`ATTENDEE;CN=${owner.displayName};PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:${owner.mail}`],
    ...['END:VEVENT', 'END:VCALENDAR', ''],
  ];
  return multipart('alternative', 'Invitation: Contract negotiation', [textPart('You are invited.'), calendar]);
}
