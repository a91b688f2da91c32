import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

const hour = 3_600_000;
const start = Date.UTC(2026, 11, 7, 9);

describe('mails about appointments', () => {
  let server: TestServer;
  let alice: OxClient;
  let bob: OxClient;
  let folder: string;
  let bobsId: number;

  beforeEach(async () => {
    server = await TestServer.start();
    alice = await OxClient.login(server.url);
    bob = await OxClient.login(server.url, 'bob@example.com');
    folder = String((await alice.get('config/folder/calendar', '')).data);
    bobsId = Number((await bob.get('config/identifier', '')).data);
    // The demonstration has an invitation.
    await told();
  });
  afterEach(() => server[Symbol.asyncDispose]());

  /** The calendar parts of bob's new mails: method, and the lines of the event. */
  async function told(): Promise<{ method: string; lines: readonly string[] }[]> {
    const { data } = await bob.get<string[][]>('mail', 'all', { folder: 'default0/INBOX', columns: '600' });
    const ids = data.map(([id]) => id ?? '').sort((one, other) => Number(one) - Number(other));
    const parts: { method: string; lines: readonly string[] }[] = [];
    for (const id of ids) {
      const source = (await bob.get<string>('mail', 'get', { folder: 'default0/INBOX', id, src: 1, unseen: true }))
        .data;
      const part = (await simpleParser(source)).attachments.find(({ contentType }) => contentType === 'text/calendar');
      if (!part) continue;
      const lines = part.content
        .toString()
        .replaceAll(/\r?\n /g, '')
        .split(/\r?\n/);
      parts.push({ method: lines.find((line) => line.startsWith('METHOD:'))?.slice(7) ?? '', lines });
      await bob.put('mail', 'delete', { harddelete: 1 }, [{ folder: 'default0/INBOX', id }]);
    }
    return parts;
  }

  const methods = async () => (await told()).map(({ method }) => method);

  async function make(fields: object = {}, notification = true): Promise<string> {
    const participants = [{ type: 1, id: bobsId }];
    const body = {
      folder_id: folder,
      title: 'Talk',
      start_date: start,
      end_date: start + hour,
      participants,
      notification,
      ignore_conflicts: true,
      ...fields,
    };
    return (await alice.put<{ id: string }>('calendar', 'new', {}, body)).data.id;
  }

  const update = (id: string, fields: object) =>
    alice.put('calendar', 'update', { id, folder, timestamp: 9e15 }, { ignore_conflicts: true, ...fields });

  it('go out when the request asks for them', async () => {
    await make({}, false);
    expect(await methods()).to.deep.equal([]);
    await make();
    const [invitation] = await told();
    expect(invitation?.method).to.equal('REQUEST');
    expect(invitation?.lines).to.include.members(['SUMMARY:Talk', 'DTSTART:20261207T090000Z', 'SEQUENCE:0']);
  });

  it('tell of what concerns others, and of nothing else', async () => {
    const id = await make();
    await told();
    await update(id, { alarm: 30, notification: true });
    expect(await methods()).to.deep.equal([]);
    await update(id, { start_date: start + hour, end_date: start + 2 * hour, notification: true });
    const [news] = await told();
    expect(news?.lines).to.include.members(['METHOD:REQUEST', 'DTSTART:20261207T100000Z', 'SEQUENCE:1']);
  });

  it('tell those who are out, and everybody when it does not take place', async () => {
    const id = await make();
    await told();
    const mine = (await alice.get('config/identifier', '')).data;
    await update(id, { participants: [{ type: 1, id: mine }], notification: true });
    expect(await methods()).to.deep.equal(['CANCEL']);
    const other = await make({ title: 'Other', start_date: start + 5 * hour, end_date: start + 6 * hour });
    await told();
    await alice.put('calendar', 'delete', { timestamp: 9e15, notification: true }, [{ folder, id: other }]);
    expect(await methods()).to.deep.equal(['CANCEL']);
  });

  it('name the occurrence, and the zone of a series', async () => {
    const id = await make({ recurrence_type: 2, days: 2, interval: 1, occurrences: 5, timezone: 'Europe/Berlin' });
    const [invitation] = await told();
    expect(invitation?.lines).to.include.members(['BEGIN:VTIMEZONE', 'DTSTART;TZID=Europe/Berlin:20261207T100000']);
    const occurrence = { recurrence_date_position: Date.UTC(2026, 11, 14) };
    const moved = start + 7 * 24 * hour + hour;
    await update(id, { ...occurrence, start_date: moved, end_date: moved + hour, notification: true });
    const [changed] = await told();
    expect(changed?.lines).to.include.members(['RECURRENCE-ID:20261214T090000Z', 'DTSTART:20261214T100000Z']);
    const gone = { folder, id, recurrence_date_position: Date.UTC(2026, 11, 21) };
    await alice.put('calendar', 'delete', { timestamp: 9e15, notification: true }, [gone]);
    const [cancelled] = await told();
    expect(cancelled?.lines).to.include.members(['METHOD:CANCEL', 'RECURRENCE-ID:20261221T090000Z']);
  });
});
