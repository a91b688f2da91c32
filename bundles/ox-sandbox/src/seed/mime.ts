/** The smallest picture that all readers show: one red dot. */
const redDot =
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC';

function encode(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
}

/** A text. */
export function plain(subject: string, text: string): string[] {
  return [
    `Subject: ${encode(subject)}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    text,
  ];
}

/** A page. */
export function html(subject: string, text: string): string[] {
  return [
    `Subject: ${encode(subject)}`,
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    text,
  ];
}

/** A text in an old encoding; the subject is encoded already. */
export function latin1(subject: string, text: string): string[] {
  return [
    `Subject: ${subject}`,
    'Content-Type: text/plain; charset=iso-8859-1',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    text,
  ];
}

/** Several parts; without a subject one part of a larger message. */
export function multipart(type: string, subject: string, parts: readonly (readonly string[])[], more = ''): string[] {
  const boundary = `=_${type}_${parts.flat().join('').length}`;
  return [
    ...(subject === '' ? [] : [`Subject: ${subject}`]),
    `Content-Type: multipart/${type}; boundary="${boundary}"${more}`,
    '',
    ...parts.flatMap((part) => [`--${boundary}`, ...part]),
    `--${boundary}--`,
  ];
}

export const textPart = (text: string): string[] => [
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

/** The same as text and as a page. */
export function alternative(subject: string, text: string, markup: string): string[] {
  return multipart('alternative', subject, [textPart(text), htmlPart(markup)]);
}

/** A text with two files. */
export function withAttachment(subject: string, text: string): string[] {
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

/** A page with a picture in it. */
export function related(subject: string, markup: string): string[] {
  return multipart(
    'related',
    subject,
    [htmlPart(markup), picture('logo.png', 'inline', 'logo@example.com')],
    '; type="text/html"',
  );
}

/** A message inside a message. */
export function forwarded(subject: string): string[] {
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
