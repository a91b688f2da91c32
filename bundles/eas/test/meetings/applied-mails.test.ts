import { type CollectionSync, DisposableStore, type Invitations, type Message } from '@oxtender/bundle-api';
import { FakeClock } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { Sync } from '../../src/commands/sync/sync';
import { StoredAppliedMails } from '../../src/meetings/applied-mails';
import { easSchema } from '../../src/tables/database-schema';
import { AirSync, element } from '../../src/wbxml';
import { ScriptedSession, execute, services } from '../commands/scripted-call';
import { connected, databases } from '../tables/databases';
import { invitation } from '../transcripts/sending-world';

const anna = { contextId: 1, userId: 3 };
const bob = { contextId: 1, userId: 4 };
const day = 86_400_000;

const mail: Message = {
  subject: 'Visit',
  from: [{ address: 'bob@example.com' }],
  receivedAt: Date.UTC(2026, 10, 22, 8),
  read: false,
  importance: 'normal',
  size: 1234,
  messageId: '<m1@example.com>',
  calendar: invitation,
};
const request = element(
  AirSync.Sync,
  element(
    AirSync.Collections,
    element(AirSync.Collection, element(AirSync.SyncKey, 'k1'), element(AirSync.CollectionId, 'F1')),
  ),
);

describe('mails about meetings', () => {
  for (const [name, settingsOf] of Object.entries(databases))
    it(`are known to all devices of a user, for a year and longer, and found when no device is left (${name})`, async function () {
      this.timeout(60_000);
      await using held = new DisposableStore();
      const settings = await settingsOf(held);
      if (!settings) return this.skip();
      const schema = easSchema({ list: () => Promise.resolve([]) });
      const connection = await connected(settings, schema, held);
      const clock = new FakeClock();
      const applied = new StoredAppliedMails(connection, clock);
      expect(await applied.missing(anna, ['a', 'b', 'Ä'.repeat(5000)])).to.deep.equal([0, 1, 2]);
      await applied.note(anna, 'Ä'.repeat(5000));
      await applied.note(anna, 'a');
      expect(await applied.missing(anna, ['a', 'b', 'Ä'.repeat(5000)])).to.deep.equal([1]);
      expect(await applied.missing(bob, ['a'])).to.deep.equal([0]);
      await clock.tick(399 * day);
      await applied.note(anna, 'b');
      expect(await applied.missing(anna, ['a', 'b'])).to.deep.equal([]);
      await clock.tick(2 * day);
      await applied.note(anna, 'b');
      expect(await applied.missing(anna, ['a', 'b'])).to.deep.equal([0]);
      const check = schema.checks?.find(({ name }) => name === 'easMeetingMail-without-device');
      expect(await check?.count(connection.dataSource.manager)).to.equal(1);
      expect(await connection.transaction((inner) => check?.repair?.(inner) ?? Promise.resolve(0))).to.equal(1);
    });

  it('count once, whichever device of the user gets them first, and again for another user', async () => {
    const given = services();
    const command = new Sync(given);
    const applied: string[] = [];
    const deviceOf = (userId: number): ScriptedSession => {
      const scripted = new ScriptedSession();
      scripted.onSync = (): Partial<CollectionSync> => ({
        syncKey: 'k2',
        changes: [{ kind: 'add', serverId: 'F1:1', item: mail }],
      });
      const invitations: Pick<Invitations, 'apply'> = {
        apply: (text) => {
          applied.push(`${userId} ${String(text === invitation)}`);
          return Promise.resolve(undefined);
        },
      };
      const { session } = scripted;
      scripted.more = { groupware: { invitations }, user: { ...session.user, userId } } as typeof scripted.more;
      return scripted;
    };
    for (const userId of [3, 3, 4]) await execute(Sync, request, deviceOf(userId), { command });
    expect(applied).to.deep.equal(['3 true', '4 true']);
  });
});
