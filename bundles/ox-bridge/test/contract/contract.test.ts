import { expect } from 'chai';
import { traffic } from '../support/sandbox';
import { callSet } from './call-set';

/** Files of tests run in any order: what all of them together have called is known when the last has ended. */
after('every request of the bridge and every answer of the sandbox fits the vendor’s description', () => {
  if (!traffic) {
    process.stdout.write('    the vendor’s description of 7.10.2 is not there: nothing was held against it\n');
    return;
  }
  process.stdout.write(
    `    held against the vendor’s description: ${traffic.calls} calls of ${traffic.actions} actions\n`,
  );
  const unseen = traffic.unseen(callSet);
  if (unseen.length > 0) process.stdout.write(`    not called: ${unseen.join(', ')}\n`);
  expect(traffic.faults).to.deep.equal({});
});
