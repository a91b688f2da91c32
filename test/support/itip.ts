/** One message about a meeting, as a mail program outside writes it. */
export interface OutsideMessage {
  readonly method: 'REQUEST' | 'REPLY' | 'COUNTER' | 'CANCEL';
  readonly from: string;
  readonly to: string | readonly string[];
  readonly subject: string;
  /** Lines of VEVENT beyond UID, DTSTAMP and SUMMARY. */
  readonly event: readonly string[];
  readonly uid: string;
}

let counter = 0;

/** The mail with its text and its calendar part. RFC 6047. */
export function itipMail({ method, from, to, subject, event, uid }: OutsideMessage): string {
  const number = ++counter;
  return [
    `From: ${from}`,
    `To: ${[to].flat().join(', ')}`,
    `Subject: ${subject}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <itip-${process.pid}-${number}@elsewhere.test>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary=part',
    '',
    '--part',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `${method}: ${subject}`,
    '--part',
    `Content-Type: text/calendar; charset=utf-8; method=${method}`,
    'Content-Transfer-Encoding: 8bit',
    '',
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Elsewhere//Test//EN',
    `METHOD:${method}`,
    'BEGIN:VEVENT',
    `UID:${uid}`,
    `DTSTAMP:${compact(Date.now() + number * 1000)}`,
    `SUMMARY:${subject}`,
    ...event,
    'END:VEVENT',
    'END:VCALENDAR',
    '--part--',
    '',
  ].join('\r\n');
}

/** `20261201T090000Z` */
export function compact(instant: number): string {
  return new Date(instant).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}
