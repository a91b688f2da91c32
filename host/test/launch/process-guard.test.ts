import { expect } from 'chai';
import { join } from 'node:path';
import { writeBundle } from '../support/bundles';
import { stopAll, temporaryFolder } from '../support/launch';
import { killAll, MainProcess } from '../support/main-process';

interface Carelessness {
  readonly what: string;
  readonly code: string;
  readonly told: string;
  /** Whether the error says where it was made. */
  readonly traced: boolean;
}

const rejected = 'a promise was rejected and nobody handled it';

const cases: readonly Carelessness[] = [
  { what: 'rejects', code: "Promise.reject(new Error('late'))", told: rejected, traced: true },
  { what: 'rejects with nothing', code: 'Promise.reject()', told: rejected, traced: false },
  { what: 'rejects without a trace', code: "require('fs').promises.readFile('/gone')", told: rejected, traced: false },
  {
    what: 'throws',
    code: "(() => { throw new Error('late'); })()",
    told: 'an exception was thrown and nobody caught it',
    traced: true,
  },
];

describe('X6 a careless bundle does not end the host', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  let host: MainProcess;

  before(async () => {
    host = MainProcess.start(join(folder, 'data'), ['--bundles', writeBundle('good', {}, join(folder, 'good'))]);
    await host.ready();
  });

  after(async () => {
    await killAll();
    await stopAll();
  });

  for (const [index, { what, code, told, traced }] of cases.entries()) {
    it(`that ${what} after its start`, async () => {
      const name = `careless${index}`;
      const content = { code: `exports.start = () => void setTimeout(() => { ${code}; });` };
      await host.oxtender('install', '--start', writeBundle(name, content, join(folder, name)));
      const owner = traced ? name : 'oxtender.host';
      await host.loggedLike(({ detail, bundle }) => detail === told && bundle === owner);
      expect((await host.oxtender('bundles')).status).to.equal(0);
    });
  }
});
