import { expect } from 'chai';
import fc from 'fast-check';
import { Redactor } from '../../src/support/redactor';

describe('Redactor', () => {
  const blank = new Redactor([]);

  it('takes a known secret out of any text, in its usual encodings', () => {
    const secrets = fc.string({ minLength: 4, maxLength: 30 }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), (secret, before, after) => {
        const redactor = new Redactor([secret]);
        for (const form of [secret, JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')])
          expect(redactor.text(before + form + after).includes(form)).to.equal(false);
      }),
    );
  });

  /** What must go, and what must stay. */
  const texts: readonly (readonly [string, string])[] = [
    ['password=abc def', 'password=*** def'],
    ['mysql.password = abc', 'mysql.password = ***'],
    ['{"password":"a b\\"c","user":"bob"}', '{"password":"***","user":"bob"}'],
    ['msg "{\\"token\\":\\"abc\\",\\"n\\":1}"', 'msg "{\\"token\\":\\"***\\",\\"n\\":1}"'],
    ['https://bob:abc@ox.example/x', 'https://***@ox.example/x'],
    ['GET /x?session=abc&folder=1', 'GET /x?session=***&folder=1'],
    ['Basic YWJjOmRlZg==', 'Basic ***'],
    ['alice@example.com logged in', 'alice@example.com logged in'],
    ['SyncKey 12, sessions 3, session opened', 'SyncKey 12, sessions 3, session opened'],
    ['http://127.0.0.1:8080/ajax', 'http://127.0.0.1:8080/ajax'],
  ];
  for (const [text, clean] of texts) it(`makes of ${text}: ${clean}`, () => expect(blank.text(text)).to.equal(clean));

  it('masks values by their names, and leaves the form of data as it is', () => {
    const data = { user: 'bob', apiKey: 'k', 'ox.webhook.secret': 's', list: [{ accessToken: 't', n: 1 }], none: null };
    expect(blank.value(data)).to.deep.equal({
      user: 'bob',
      apiKey: '***',
      'ox.webhook.secret': '***',
      list: [{ accessToken: '***', n: 1 }],
      none: null,
    });
  });
});
