import { DatabaseError, GroupwareError, SyncError } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadRequest } from '../../src/http/bad-request';
import { answerToError } from '../../src/http/error-mapping';
import { describeCommand } from '../../src/protocol/command';
import { type CommonStatusCode, commonStatuses } from '../../src/protocol/common-status';
import { MalformedRequest } from '../../src/protocol/malformed-request';
import { Refused } from '../../src/protocol/refused';
import { noBody } from '../../src/protocol/request-body';
import { object } from '../../src/protocol/schema';
import { ComposeMail, Move, Ping, Provision, WbxmlError } from '../../src/wbxml';

const plain = describeCommand({ name: 'MoveItems', root: Move.MoveItems, request: object({}) });
const ping = describeCommand({
  name: 'Ping',
  root: Ping.Ping,
  request: object({}),
  status: { malformed: ({ code }) => (code === 'MISSING_ELEMENT' ? 3 : 4), serverError: 8 },
});
const attachment = describeCommand({ name: 'GetAttachment', request: noBody });

const old = { descriptor: plain, version: '12.1' } as const;
const recent = { descriptor: plain, version: '14.0' } as const;

describe('error mapping', () => {
  it('tells new versions the status and old ones the HTTP status of every refusal', () => {
    for (const [code, { status, http }] of Object.entries(commonStatuses)) {
      if (code === 'VERSION_NOT_SUPPORTED') continue;
      const refused = new Refused(code as CommonStatusCode, 'why');
      const { serverFault, ...recently } = answerToError(refused, recent);
      expect(recently, code).to.deep.equal({ http: 200, status });
      expect(serverFault, code).to.equal(code === 'SERVER_ERROR' ? true : undefined);
      const told = answerToError(refused, { ...old, policyKey: 1 });
      expect(told.http, code).to.equal(http ?? 500);
      expect(told.status, code).to.equal(undefined);
      expect(told.retryAfter !== undefined, code).to.equal(http === 503);
    }
  });

  it('has the statuses of the specification and no others', function () {
    const page = join(__dirname, '../../../../../../shared/reference/eas-protocol.md');
    const text = readOrSkip(page, this);
    const section = text.slice(text.indexOf('## 3 Common status codes'), text.indexOf('## 4 '));
    const expected = new Map<number, string>();
    for (const [, codes = '', http = ''] of section.matchAll(/^\| ([\d, ]+) \|.*\| ([^|]*) \|$/gm)) {
      for (const code of codes.split(',')) expected.set(Number(code), http.trim());
    }
    const ours = Object.values(commonStatuses);
    expect(ours.map(({ status }) => status)).to.deep.equal([...expected.keys()].sort((a, b) => a - b));
    for (const { status, http } of ours) {
      const told = expected.get(status) ?? '';
      expect(http === undefined ? 'n/a' : told.includes(String(http)), `${status}: ${told}`).to.be.oneOf([true, told]);
    }
  });

  it('knows where a command differs from the table', () => {
    const send = describeCommand({ name: 'SendMail', root: ComposeMail.SendMail, request: object({}) });
    const provision = describeCommand({ name: 'Provision', root: Provision.Provision, request: object({}) });
    expect(answerToError(new Refused('INVALID_IDS', ''), { descriptor: send, version: '12.1' }).http).to.equal(500);
    const corrupt = new Refused('SYNC_STATE_CORRUPT', '');
    expect(answerToError(corrupt, { descriptor: provision, version: '12.1' }).http).to.equal(500);
    const wipe = new Refused('REMOTE_WIPE_REQUESTED', '');
    expect(answerToError(wipe, { ...old, policyKey: 7 }).http).to.equal(449);
    expect(answerToError(wipe, old).http).to.equal(403);
  });

  it('lets a command answer malformed requests and server errors with its own status, in all versions', () => {
    for (const version of ['2.5', '12.1', '16.1'] as const) {
      const request = { descriptor: ping, version };
      const missing = new MalformedRequest('MISSING_ELEMENT', 'Ping', 'missing');
      expect(answerToError(missing, request)).to.deep.equal({ http: 200, status: 3 });
      const strange = new MalformedRequest('UNEXPECTED_ELEMENT', 'Ping', 'strange');
      expect(answerToError(strange, request)).to.deep.equal({ http: 200, status: 4 });
      expect(answerToError(new TypeError('bug'), request)).to.deep.equal({ http: 200, status: 8, serverFault: true });
    }
  });

  it('asks to come back later when the groupware or the database is away, in all versions', () => {
    for (const error of [
      new GroupwareError('UNAVAILABLE', 'away'),
      new SyncError('OVERLOADED', 'too much'),
      new DatabaseError('UNAVAILABLE', 'away'),
    ]) {
      expect(answerToError(error, recent)).to.deep.equal({ http: 503, retryAfter: 30 });
      expect(answerToError(error, old)).to.deep.equal({ http: 503, retryAfter: 30 });
    }
    const known = new GroupwareError('UNAVAILABLE', 'away', { retryAfter: 1500 });
    expect(answerToError(known, recent)).to.deep.equal({ http: 503, retryAfter: 2 });
  });

  it('tells apart bytes, schema, date and content', () => {
    const told = (error: unknown) => [answerToError(error, recent).status, answerToError(error, old).http];
    expect(told(new WbxmlError('TRUNCATED', 'cut', 3, ''))).to.deep.equal([102, 400]);
    expect(told(new MalformedRequest('WRONG_ORDER', 'a', ''))).to.deep.equal([103, 400]);
    expect(told(new MalformedRequest('INVALID_DATE', 'a', ''))).to.deep.equal([104, 400]);
    expect(told(new Refused('INVALID_CONTENT', ''))).to.deep.equal([101, 400]);
  });

  it('speaks HTTP where there is no document, no known version or no command', () => {
    const refused = new Refused('ITEM_NOT_FOUND', 'gone');
    expect(answerToError(refused, { descriptor: attachment, version: '14.0' })).to.deep.equal({ http: 500 });
    expect(answerToError(new BadRequest('UNKNOWN_COMMAND', ''), {})).to.deep.equal({ http: 501 });
    expect(answerToError(new BadRequest('BODY_TOO_LARGE', ''), recent)).to.deep.equal({ http: 413 });
    expect(answerToError(new GroupwareError('AUTHENTICATION', ''), recent)).to.deep.equal({ http: 401 });
    const version = new Refused('VERSION_NOT_SUPPORTED', '');
    expect(answerToError(version, { descriptor: plain })).to.deep.equal({ http: 400, status: 138 });
    expect(answerToError(version, {})).to.deep.equal({ http: 400 });
  });
});

function readOrSkip(path: string, context: Mocha.Context): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return context.skip();
  }
}
