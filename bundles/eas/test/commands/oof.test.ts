import type { OutOfOffice, SyncSession } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { Settings as Command } from '../../src/commands/settings/settings';
import { type Element, Settings, type Tag, element } from '../../src/wbxml';
import { execute, ScriptedSession } from './scripted-call';

const [first, last] = [Date.UTC(2026, 11, 1, 10), Date.UTC(2026, 11, 5, 10)];
const text = (time: number): string => new Date(time).toISOString();

/** What the groupware has after a Set, and the status of the Set. */
async function set(current: OutOfOffice, ...content: Element[]): Promise<{ status?: string; kept: OutOfOffice }> {
  let kept = current;
  const scripted = new ScriptedSession();
  const outOfOffice = {
    get: () => Promise.resolve(kept),
    set: (value: OutOfOffice) => Promise.resolve(void (kept = value)),
  };
  scripted.more = { groupware: { outOfOffice } as unknown as SyncSession['groupware'] };
  const request = element(Settings.Settings, element(Settings.Oof, element(Settings.Set, ...content)));
  const answer = await execute(Command, request, scripted);
  const status = answer?.child(Settings.Oof)?.child(Settings.Status)?.text;
  return { ...(status !== undefined && { status }), kept };
}

const times = (start: number, end: number): Element[] => [
  element(Settings.StartTime, text(start)),
  element(Settings.EndTime, text(end)),
];
const words = element(
  Settings.OofMessage,
  element(Settings.AppliesToInternal),
  element(Settings.Enabled, 1),
  element(Settings.ReplyMessage, 'Away'),
  element(Settings.BodyType, 'Text'),
);
const off: OutOfOffice = { state: 'off', message: 'Old' };
const scheduled: OutOfOffice = { state: 'scheduled', start: first, end: last, message: 'Old' };

describe('Settings: out of office', () => {
  it('takes times with the state to which they belong', async () => {
    const expected = { ...scheduled, message: 'Away' };
    expect(await set(off, element(Settings.OofState, 2), ...times(first, last), words)).to.deep.equal({
      status: '1',
      kept: expected,
    });
    const on = await set(off, element(Settings.OofState, 1), ...times(first, last));
    expect(on).to.deep.equal({ status: '1', kept: { state: 'on', message: 'Old' } });
  });

  it('keeps the times where a device changes nothing but the words', async () => {
    expect((await set(scheduled, words)).kept).to.deep.equal({ ...scheduled, message: 'Away' });
  });

  it('refuses an end that is not after the start', async () => {
    for (const [start, end] of [[last, first] as const, [first, first] as const])
      expect(await set(off, element(Settings.OofState, 2), ...times(start, end))).to.deep.equal({
        status: '6',
        kept: off,
      });
    // Times that do not count are no reason.
    expect((await set(off, element(Settings.OofState, 1), ...times(last, first))).status).to.equal('1');
  });

  const message = (audience: Tag, ...more: Element[]): Element =>
    element(Settings.OofMessage, element(audience), ...more);

  it('tells those outside nothing when the device says so, and goes on with that', async () => {
    const outside = (enabled: number): Element[] => [
      message(Settings.AppliesToExternalKnown, element(Settings.Enabled, enabled)),
      message(Settings.AppliesToExternalUnknown, element(Settings.Enabled, 0)),
    ];
    const { kept } = await set(off, element(Settings.OofState, 1), words, ...outside(0));
    expect(kept).to.deep.equal({ state: 'on', message: 'Away', audience: 'internal' });
    expect((await set(kept, words)).kept).to.deep.equal(kept);
    expect((await set(kept, words, ...outside(1))).kept).to.deep.equal({ state: 'on', message: 'Away' });
  });

  it('refuses a text in a form that there is not, and one without any', async () => {
    const reply = element(Settings.ReplyMessage, 'Away');
    const inForm = (...form: Element[]): Element => message(Settings.AppliesToInternal, reply, ...form);
    expect(await set(off, inForm(element(Settings.BodyType, 'RTF')))).to.deep.equal({ status: '5', kept: off });
    expect(await set(off, inForm())).to.deep.equal({ status: '2', kept: off });
  });

  it('refuses one time without the other', async () => {
    const half = element(Settings.StartTime, text(first));
    expect(await set(off, element(Settings.OofState, 2), half)).to.deep.equal({ status: '2', kept: off });
  });
});
