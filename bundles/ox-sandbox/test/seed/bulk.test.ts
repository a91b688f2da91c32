import { expect } from 'chai';
import { parseMessage } from '../../src/mail/parse';
import { bulkContact, bulkMail } from '../../src/seed/bulk';
import { seedBulk } from '../../src';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

describe('bulk data', () => {
  it('knows of its mails what parsing them finds', async () => {
    for (let index = 0; index < 60; index++) {
      const { source, message } = bulkMail(index, 'Jürgen Groß', 'juergen@example.com');
      expect(await parseMessage(source)).to.deep.equal(message);
    }
  });

  it('is the same for the same number', () => {
    expect(bulkContact(7)).to.deep.equal(bulkContact(7));
    expect(bulkContact(7)).not.to.deep.equal(bulkContact(8));
  });

  it('fills the standard folders, with stamps that are not in the future', async () => {
    await using server = await TestServer.start();
    server.clock.advance(3_600_000);
    const account = server.sandbox.contexts.byLogin('bob@example.com')!;
    const counts = { contacts: 30, events: 20, tasks: 10, mails: 40 };
    const client = await OxClient.login(server.url, 'bob@example.com');
    const sizes = async (): Promise<number[]> => {
      const ids = [await folder('contacts'), await folder('calendar'), await folder('tasks'), 'default0/INBOX'];
      return Promise.all(
        ids.map(async (id) => (await client.get<{ total: number }>('folders', 'get', { id })).data.total),
      );
    };
    const folder = async (module: string): Promise<string> =>
      String((await client.get<number>(`config/folder/${module}`, '')).data);
    const before = await sizes();
    await seedBulk(account, counts);
    expect((await sizes()).map((size, index) => size - before[index]!)).to.deep.equal([30, 20, 10, 40]);
    expect(account.context.db.stamp()).to.equal(server.clock.time);
  });
});
