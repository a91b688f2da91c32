import { Flag } from '../store/mails';
import { day } from '../columns/body';
import { alternative, forwarded, html, latin1, multipart, plain, related, textPart, withAttachment } from './mime';
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

/** One mail of the demonstration; without a word on it, an unread one from the other user in the inbox. */
interface Letter {
  readonly folder?: string;
  readonly flags?: number;
  /** Days before today. */
  readonly days: number;
  readonly from?: 'owner' | Person;
  /** Headers from Subject on, and the body. */
  readonly lines: readonly string[];
}

const { seen, flagged, answered, draft } = Flag;

/** Mails of every build: plain, HTML, alternatives, attachments, pictures in the text, messages inside messages. */
const letters: readonly Letter[] = [
  { days: 0, lines: plain('Lunch today? 🍜', 'Shall we try the new ramen place?\r\n\r\nBye') },
  {
    ...{ days: 1, flags: seen },
    lines: html('Grüße aus München', '<p>Viele <b>Grüße</b> aus München – das Wetter ist <i>wunderbar</i>.</p>'),
  },
  {
    ...{ days: 2, flags: seen | flagged },
    lines: alternative('Draft of the contract', 'See the marked passages.', '<p>See the <u>marked</u> passages.</p>'),
  },
  { days: 3, lines: withAttachment('Photos of the summer party', 'Two pictures and the list.') },
  {
    ...{ days: 4, flags: seen | answered },
    lines: related('Our new logo', '<p>What do you think? <img src="cid:logo@example.com"></p>'),
  },
  { days: 5, flags: seen, lines: forwarded('Fwd: Delivery note') },
  { days: 7, lines: ['X-Priority: 1', ...plain('Please confirm reception', 'This is important.')] },
  {
    ...{ days: 8, flags: seen },
    lines: latin1('=?iso-8859-1?Q?Best=E4tigung?=', 'Die Bestellung ist best=E4tigt. Gr=FC=DFe'),
  },
  ...mailSubjects.map((subject, index) => ({
    ...{ days: 9 + index, flags: index % 3 === 0 ? 0 : seen },
    lines: plain(subject, sentences.slice(index % 5, (index % 5) + 4).join('\r\n')),
  })),
  { folder: 'Sent', days: 2, flags: seen, from: 'owner', lines: plain('Re: Lunch today?', 'Yes, at noon.') },
  { folder: 'Sent', days: 6, flags: seen, from: 'owner', lines: plain('Minutes of our meeting', 'As discussed.') },
  { folder: 'Drafts', days: 1, flags: draft | seen, from: 'owner', lines: plain('Idea', 'What if we') },
  { folder: 'Trash', days: 20, flags: seen, lines: plain('Old news', 'Nothing of interest.') },
  {
    ...{ folder: 'Spam', days: 3, from: { displayName: 'Lucky You', mail: 'prize@example.invalid' } },
    lines: plain('You have won!!!', 'Click here.'),
  },
];

/** The mails of one of the two users. */
export function demoMails(owner: Person, other: Person, today: number): DemoMail[] {
  return [...letters, { days: 6, lines: invitation(owner, other, today) }].map(
    ({ folder = 'INBOX', flags = 0, days, from = other, lines }) => {
      const sender = from === 'owner' ? owner : from;
      const date = new Date(today - days * day + 9 * 3_600_000).toUTCString().replace('GMT', '+0000');
      const head = [
        `From: ${phrase(sender)}`,
        `To: ${phrase(sender === owner ? other : owner)}`,
        `Date: ${date}`,
        `Message-ID: <${folder}.${days}.${owner.mail}>`,
        'MIME-Version: 1.0',
      ];
      return { folder: `default0/${folder}`, flags, source: Buffer.from([...head, ...lines, ''].join('\r\n')) };
    },
  );
}

function phrase({ displayName, mail }: Person): string {
  return `${displayName} <${mail}>`;
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
