import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandCall } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { importCommand } from '../../src/console/import';
import { seedCommand } from '../../src/console/seed';
import { userAddCommand, usersCommand } from '../../src/console/users';
import type { ImportReport } from '../../src/import/report';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

describe('console commands', () => {
  let server: TestServer;
  let folder: string;

  before(async () => {
    server = await TestServer.start();
    folder = mkdtempSync(join(tmpdir(), 'ox-sandbox-files-'));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server[Symbol.asyncDispose]();
  });

  const call = (args: readonly string[], options: Record<string, unknown> = {}): CommandCall => ({
    ...{
      args,
      options,
      user: 'test',
      signal: new AbortController().signal,
      progress: () => undefined,
      emit: () => undefined,
    },
  });
  const failure = (pending: Promise<unknown>): Promise<unknown> =>
    pending.then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    );

  it('add users, who can log in at once', async () => {
    const add = userAddCommand(server.sandbox);
    expect(await add.run(call(['carol@example.com'], { password: 'pw', name: 'Carol' }))).to.deep.equal({
      id: 5,
      login: 'carol@example.com',
    });
    expect(await new OxClient(server.url).login('carol@example.com', 'pw')).to.include({ user_id: 5 });
    const users = (await usersCommand(server.sandbox).run(call([]))) as { login: string; timezone: string }[];
    expect(users.map(({ login, timezone }) => [login, timezone]).at(-1)).to.deep.equal([
      'carol@example.com',
      'Europe/Berlin',
    ]);
    expect(await failure(add.run(call(['carol@example.com'], { password: 'pw' })))).to.match(/exists already/);
    expect(await failure(add.run(call(['dave'], { password: 'pw' })))).to.match(/no mail address/);
  });

  it('O2 tell before they do it what they would do, and are refused as they would be', async () => {
    const add = userAddCommand(server.sandbox);
    expect(await add.preview!(call(['erin@example.com'], { password: 'pw', name: 'Erin' }))).to.deep.equal({
      context: 1,
      login: 'erin@example.com',
      mail: 'erin@example.com',
      displayName: 'Erin',
    });
    expect(server.sandbox.contexts.byLogin('erin@example.com')).to.equal(undefined);
    const seed = seedCommand(server.sandbox);
    const counts = { contacts: 1, events: 0, tasks: 0, mails: 2 };
    expect(await seed.preview!(call([], { user: 'alice@example.com', ...counts }))).to.deep.equal(counts);
    expect(() => seed.preview!(call([], { user: 'nobody', ...counts }))).to.throw('there is no user nobody');
    const file = join(folder, 'plan.vcf');
    writeFileSync(file, 'BEGIN:VCARD');
    const bring = importCommand(server.sandbox);
    expect(await bring.preview!(call([file], { user: 'alice@example.com' }))).to.deep.equal([{ file, bytes: 11 }]);
  });

  it('bring in files, and tell what got lost', async () => {
    const card = join(folder, 'a.vcf');
    writeFileSync(card, 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nX-SHOE-SIZE:42\r\nEND:VCARD\r\n');
    const box = join(folder, 'mails');
    writeFileSync(
      box,
      'From a Mon Jan  1 00:00:00 2026\nStatus: RO\nSubject: one\n\n>From here\n\nFrom b Mon Jan  1 00:00:00 2026\nSubject: two\n\nx\n',
    );
    const command = importCommand(server.sandbox);
    expect(await command.run(call([card, box], { user: 'bob@example.com' }))).to.deep.equal({
      ...{ contacts: 1, appointments: 0, tasks: 0, mails: 2 },
      losses: [{ file: 'a.vcf', item: 'A', field: 'X-SHOE-SIZE', reason: 'has no place in a contact' }],
    });
    const bob = await OxClient.login(server.url, 'bob@example.com');
    const list = { folder: 'default0/INBOX', columns: '607,611,662', sort: 600, order: 'desc', limit: 2 };
    expect((await bob.get<unknown[]>('mail', 'all', list)).data).to.deep.equal([
      ['two', 0, 'x'],
      ['one', 32, 'From here'],
    ]);
    writeFileSync(join(folder, 'b.bin'), Buffer.from([1, 2, 3]));
    const odd = await command.run(call([join(folder, 'b.bin'), card], { user: 'bob@example.com' }));
    expect(odd).to.have.property('contacts', 1);
    const reason = 'is neither .vcf, .ics, .eml nor a mailbox';
    expect((odd as ImportReport).losses[0]).to.deep.equal({ file: 'b.bin', item: 'b.bin', field: 'item', reason });
    expect(await failure(command.run(call([card], { user: 'nobody' })))).to.match(/no user nobody/);
  });

  it('make bulk', async () => {
    const counts = { contacts: 3, events: 2, tasks: 1, mails: 0 };
    expect(await seedCommand(server.sandbox).run(call([], { user: 'bob@example.com', ...counts }))).to.deep.equal(
      counts,
    );
    for (const mails of [-1, 1.5, NaN])
      expect(await failure(seedCommand(server.sandbox).run(call([], { user: 'bob@example.com', mails })))).to.match(
        /--mails is a number/,
      );
  });
});
