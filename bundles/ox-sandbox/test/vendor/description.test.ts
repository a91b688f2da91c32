import { expect } from 'chai';
import { record } from '../support/client';
import { VendorDescription } from './description';
import { coverAllActions } from './tour';

interface Recorded {
  readonly call: string;
  readonly count: number;
  readonly faults: ReadonlySet<string>;
}

const description = VendorDescription.load();
const seen = new Map<string, { call: string; count: number; faults: Set<string> }>();

if (description)
  record(({ method, module, action, type, body }) => {
    if (!type.includes('json')) return;
    const call = `${method} /${module}${action === '' ? '' : `?action=${action}`}`;
    const entry = seen.get(call) ?? { call, count: 0, faults: new Set<string>() };
    seen.set(call, entry);
    entry.count++;
    const answer = JSON.parse(body) as { code?: string };
    const errors = description.errors(method, module, action, answer);
    if (errors)
      for (const { instancePath, message, params } of errors) {
        const name = (params as { additionalProperty?: string }).additionalProperty ?? '';
        entry.faults.add(`${instancePath.replace(/\/\d+/g, '/#')} ${message ?? ''} ${name}`);
      }
    // A call that does not exist is answered as such, whatever the description says.
    else if (
      !/^SVL-000[17]$|^SES-/.test(answer.code ?? '') &&
      description.undescribed(method, module, action) === undefined
    )
      entry.faults.add('is not described');
  });

function faulty(): Record<string, string[]> {
  return Object.fromEntries(
    [...seen.values()].filter(({ faults }: Recorded) => faults.size > 0).map(({ call, faults }) => [call, [...faults]]),
  );
}

describe('the vendor’s description of 7.10.2', () => {
  it('fits the answer of every action', async function () {
    if (!description) this.skip();
    await coverAllActions();
    expect(faulty()).to.deep.equal({});
    expect(seen.size).to.be.greaterThan(120);
  });
});

after('all answers of the whole suite fit the vendor’s description', () => {
  expect(faulty()).to.deep.equal({});
});
