import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ScriptedServer } from '../support/scripted-server';

const run = promisify(execFile);
const megabyte = 1 << 20;
const size = 50 * megabyte;

const mail = {
  id: '7',
  folder_id: 'default0/INBOX',
  subject: 'big',
  from: [['Bob', 'bob@example.com']],
  to: [],
  flags: 32,
  received_date: 1000,
  size,
  content_type: 'multipart/mixed',
  headers: {},
  attachments: [
    { id: '1', content_type: 'text/plain', content: 'x', disp: 'inline', size: 1 },
    { id: '2', content_type: 'application/zip', filename: 'big.zip', disp: 'attachment', size },
  ],
};

describe('a file of 50 MB', () => {
  it('passes the bridge in both directions with less than 20 MB of memory', async function () {
    this.timeout(60_000);
    const bytes = Buffer.alloc(size, 'x');
    const headers = { 'Content-Type': 'application/zip', 'Content-Disposition': 'attachment; filename="big.zip"' };
    await using server = await ScriptedServer.start({
      'mail list': ({ query }) => ({ json: { data: [rowOf(query.get('columns'))] } }),
      'mail get': () => ({ json: { data: mail } }),
      'mail attachment': () => ({ headers, text: bytes }),
      'mail new': () => ({ json: { data: { folder_id: 'default0/Sent', id: '8' } } }),
    });
    const script = join(__dirname, 'transfer.js');
    const { stdout } = await run(process.execPath, ['--expose-gc', script, server.url, String(size)]);
    const { down, up } = JSON.parse(stdout) as Record<'down' | 'up', { bytes: number; peak: number }>;
    expect([down.bytes, up.bytes]).to.deep.equal([size, size]);
    expect(server.callsOf('mail new')[0]?.body.length).to.be.greaterThan(size);
    expect(Math.max(down.peak, up.peak)).to.be.lessThan(20 * megabyte);
  });
});

const values: Readonly<Record<string, unknown>> = { 600: '7', 601: 'default0/INBOX', 611: 32, 610: 1000, 102: 0 };

function rowOf(columns: string | null): unknown[] {
  return (columns ?? '').split(',').map((id) => values[id] ?? null);
}
