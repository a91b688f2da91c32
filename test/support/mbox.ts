/** The messages of an mbox file, without their separators. */
export function splitMessages(file: Buffer): Buffer[] {
  const text = file.toString('latin1').replaceAll('\r\n', '\n');
  if (!text.startsWith('From ')) return [];
  return text
    .split(/^(?=From \S+ )/m)
    .map((message) => Buffer.from(message.slice(message.indexOf('\n') + 1).replace(/\n\n$/, '\n'), 'latin1'))
    .filter((message) => message.includes('\n\n'));
}
