import { expect } from 'chai';
import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeRegistry } from './support/fake-registry';
import { DataFolder, root } from './support/host-process';

function audit(report: object): { status: number | null; text: string } {
  using folder = new DataFolder();
  const file = join(folder.path, 'report.json');
  writeFileSync(file, JSON.stringify(report));
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'scripts/audit.js'), '--report', file], {
    encoding: 'utf8',
  });
  return { status, text: stdout };
}

const fault = (severity: string) => ({
  name: 'leftpad',
  severity,
  range: '<1.3.1',
  via: [{ title: 'Pads to the right', url: 'https://advisories.example/1' }, 'other'],
});

describe('the check for known faults in dependencies', () => {
  it('fails for a high or critical one, and names it', () => {
    for (const severity of ['high', 'critical']) {
      const { status, text } = audit({ vulnerabilities: { leftpad: fault(severity) } });
      expect(status).to.equal(1);
      expect(text).to.include(`${severity} leftpad <1.3.1: Pads to the right https://advisories.example/1, other`);
    }
  });

  it('tells of lesser ones, and of none', () => {
    expect(audit({ vulnerabilities: { leftpad: fault('moderate') } })).to.deep.include({ status: 0 });
    expect(audit({ vulnerabilities: {} }).text).to.include('0 known faults');
  });

  it('ends well, and says so, where the registry does not answer', () => {
    const { status, text } = audit({ message: 'request failed, reason: ENOTFOUND' });
    expect(status).to.equal(0);
    expect(text).to.include('not checked: the registry does not answer').and.include('ENOTFOUND');
  });
});

describe('the check for known faults, asking a registry', function () {
  this.timeout(60_000);
  const cache = new DataFolder();
  let registry: FakeRegistry;

  before(async () => {
    registry = await FakeRegistry.start();
  });
  afterEach(() => {
    registry.faults = {};
    registry.failure = undefined;
  });
  after(async () => {
    await registry[Symbol.asyncDispose]();
    cache[Symbol.dispose]();
  });

  /** The script as CI runs it, on this very project. */
  function check(...args: readonly string[]): Promise<{ status: number; text: string }> {
    const env = { ...process.env, npm_config_registry: registry.url, npm_config_cache: cache.path };
    return new Promise((resolve) =>
      execFile(
        process.execPath,
        [join(root, 'scripts/audit.js'), ...args],
        { env, encoding: 'utf8' },
        (error, stdout) => resolve({ status: error === null ? 0 : Number(error.code), text: stdout }),
      ),
    );
  }

  /** Who needs it: the host, and one bundle alone. */
  for (const [name, severity] of [
    ['koa', 'high'],
    ['html-to-text', 'critical'],
  ] as const)
    it(`fails for a fault in ${name}, which runs in production (${severity})`, async () => {
      registry.faults = { [name]: severity };
      const { status, text } = await check();
      expect(text).to.match(
        new RegExp(`^${severity} ${name} .*Fault of ${name} https://advisories.example/${name}`, 'm'),
      );
      expect(status).to.equal(1);
    });

  it('passes with a fault in what only tests and builds use', async () => {
    registry.faults = { mocha: 'critical' };
    expect(await check()).to.deep.equal({
      status: 0,
      text: '0 known faults in production dependencies, 0 of them high or critical\n',
    });
  });

  it('tells of a moderate one, and passes', async () => {
    registry.faults = { koa: 'moderate' };
    const { status, text } = await check();
    expect(text).to.match(/^moderate koa /m);
    expect(status).to.equal(0);
  });

  for (const failure of [405, 500])
    it(`says that nothing was checked where the registry answers with status ${failure}`, async () => {
      registry.failure = failure;
      const { status, text } = await check();
      expect(text).to.match(/^not checked: /);
      expect(status).to.equal(0);
      expect((await check('--required')).status).to.equal(1);
    });
});
