import MailComposer from 'nodemailer/lib/mail-composer';
import type { UploadedFile } from '../http/body';
import type { Call, JsonObject } from '../modules/call';

/** Builds the MIME source of a mail that a client describes in JSON. OX HTTP API, "Detailed mail data". */
export function compose(data: JsonObject, files: readonly UploadedFile[], call: Call): Promise<Buffer> {
  const parts = Array.isArray(data['attachments']) ? (data['attachments'] as JsonObject[]) : [];
  const text = parts.find(({ content_type: type }) => String(type).toLowerCase().startsWith('text/plain'))?.['content'];
  const html = parts.find(({ content_type: type }) => /^(?:text\/html|alternative)/i.test(String(type)))?.['content'];
  const from = addresses(data['from']);
  const mail = new MailComposer({
    from: from.length > 0 ? from : [{ name: call.user.displayName, address: call.user.mail }],
    to: addresses(data['to']),
    cc: addresses(data['cc']),
    bcc: addresses(data['bcc']),
    subject: typeof data['subject'] === 'string' ? data['subject'] : '',
    date: new Date(call.server.now()),
    ...(typeof text === 'string' ? { text } : {}),
    ...(typeof html === 'string' ? { html } : {}),
    priority: priorityOf(Number(data['priority'] ?? 3)),
    attachments: files.map(({ filename, type, data: content }) => ({ filename, contentType: type, content })),
    headers: { 'X-Mailer': 'Open-Xchange Mailer v7.10.2' },
  }).compile();
  mail.keepBcc = true;
  return mail.build();
}

function addresses(value: unknown): { name: string; address: string }[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).flatMap((element) => {
    const [name, address] = Array.isArray(element) ? (element as unknown[]) : [null, element];
    return typeof address === 'string' ? [{ name: typeof name === 'string' ? name : '', address }] : [];
  });
}

function priorityOf(priority: number): 'high' | 'normal' | 'low' {
  return priority === 0 || priority === 3 ? 'normal' : priority < 3 ? 'high' : 'low';
}
