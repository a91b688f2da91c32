import { DisposableStore } from '@oxtender/bundle-api';
import { type DeviceProfile, profiles } from '@oxtender/eas-device';
import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolder, HostProcess, root } from './support/host-process';
import { Person } from './support/person';
import { setUpPhone } from './support/phone';
import type { QuirkScene } from './support/quirk-checks';
import { quirkRows } from './support/quirk-rows';

/** The page on which the observations are collected; beside the repository where it was written. */
const page = join(root, '../../shared/reference/eas-client-quirks.md');

describe('what real clients do', function () {
  this.timeout(60_000);
  const cleanUp = new DisposableStore();
  let ofTest = new DisposableStore();
  const data = new DataFolder();
  let host: HostProcess;
  let phones = 0;

  before(async () => {
    cleanUp.add(data);
    host = await HostProcess.start(data.path);
    cleanUp.add(() => host[Symbol.asyncDispose]());
  });
  beforeEach(() => void (ofTest = new DisposableStore()));
  afterEach(() => ofTest.dispose());
  after(() => cleanUp.dispose());

  const scene: QuirkScene = {
    get host() {
      return host;
    },
    phone: async (profile: DeviceProfile = profiles.ios) =>
      ofTest.add(await setUpPhone(host, `QUIRK${++phones}`, profile)),
    person: async (address, profile: DeviceProfile = profiles.ios) =>
      ofTest.add(await Person.arrive(host.url, address, profile, `QUIRK${++phones}`)),
  };

  for (const [clients, rows] of Object.entries(quirkRows)) {
    describe(clients, () => {
      for (const { what, source, proof } of rows) {
        it(`${what} (${source})`, async () => {
          if (typeof proof === 'function') await proof(scene);
          else if ('because' in proof) expect(proof.because).to.not.equal('');
          else {
            const [file, words] = proof;
            expect(readFileSync(join(root, file), 'utf8'), file).to.include(words);
          }
        });
      }
    });
  }

  it('is known of every observation that was collected', function () {
    if (!existsSync(page)) this.skip();
    const text = readFileSync(page, 'utf8').slice(0, readFileSync(page, 'utf8').indexOf('## 9 '));
    const collected = text.split('\n').flatMap((line) => {
      const row = /^\| (?!Behaviour|---)([^|]+) \|/.exec(line) ?? /^- (?!(?:Z[PH]|GS|H|SG|TB|AOSP) = )(.+)/.exec(line);
      return row?.[1] ?? [];
    });
    const ours = Object.values(quirkRows).flatMap((rows) => rows.map(({ what }) => what));
    expect(collected.filter((one) => !ours.some((what) => one.startsWith(what)))).to.deep.equal([]);
  });
});
