import { type DiagnosticRequest, type Finding, GroupwareError, type GroupwareErrorCode } from '@oxtender/bundle-api';
import { expect } from 'chai';
import type { OxBridge } from '../src/bridge';
import { oxChecks } from '../src/diagnosis';
import type { NodeAnswer, OxNode } from '../src/http/ox-node';

const now = Date.UTC(2026, 10, 28, 12);
const credentials = { login: 'test@example.com', password: 'secret' };
const signal = new AbortController().signal;

interface Ox {
  /** Seconds by which its clock is ahead; undefined: it does not tell. */
  readonly ahead?: number;
  /** Refuses the login. */
  readonly refuses?: GroupwareErrorCode;
}

async function find(
  name: string,
  { ahead, refuses }: Ox,
  more: Partial<DiagnosticRequest> = {},
): Promise<readonly Finding[]> {
  const headers = ahead === undefined ? {} : { date: new Date(now + ahead * 1000).toUTCString() };
  const answer: Pick<NodeAnswer, 'status' | 'headers' | 'text'> = { status: 200, headers, text: '{"data":1}' };
  const node = { url: 'http://ox.example/ajax', exchange: () => Promise.resolve(answer) } as unknown as OxNode;
  const bridge = {
    examine: () => Promise.reject(new GroupwareError(refuses ?? 'UNAVAILABLE', 'no')),
  } as unknown as OxBridge;
  const check = oxChecks(bridge, node, { now: () => now }).find((each) => each.name === name);
  return (await check?.run({ signal, ...more })) ?? [];
}

describe('what the doctor says of OX', () => {
  for (const [ahead, verdict] of [
    [0, 'ok'],
    [1, 'ok'],
    [30, 'warn'],
    [-30, 'warn'],
    [3600, 'fail'],
    [-3600, 'fail'],
  ] as const)
    it(`a clock that is ${ahead} s ahead: ${verdict}`, async () => {
      const [finding] = await find('ox clock', { ahead });
      expect(finding?.verdict).to.equal(verdict);
      if (verdict === 'ok') return;
      expect(finding?.message).to.match(
        new RegExp(`differ by (${Math.abs(ahead)}|${Math.abs(ahead) + 1}|${Math.abs(ahead) - 1}) s`),
      );
      expect(finding?.remedy).to.include('timedatectl');
    });

  it('a server that tells no time: not checked', async () => {
    expect((await find('ox clock', {}))[0]?.verdict).to.equal('skipped');
  });

  it('a login that is refused: what to do, by its reason', async () => {
    const advice: Partial<Record<GroupwareErrorCode, string>> = {
      AUTHENTICATION: 'logging in to the web page of OX',
      NOT_ALLOWED: 'capability active_sync',
      UNAVAILABLE: 'the log of OX',
    };
    for (const [refuses, words] of Object.entries(advice)) {
      const [finding] = await find('ox login', { refuses: refuses as GroupwareErrorCode }, { credentials });
      expect(finding?.verdict, refuses).to.equal('fail');
      expect(finding?.remedy, refuses).to.include(words);
      expect(JSON.stringify(finding)).to.not.include(credentials.password);
    }
  });

  it('no test account: not tried, and says how', async () => {
    expect((await find('ox login', {}))[0]).to.deep.equal({
      verdict: 'skipped',
      message: 'not tried: give --user with a test account',
    });
  });
});
