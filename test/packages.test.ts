import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { DataFolder, HostProcess, root } from './support/host-process';
import { setUpPhone } from './support/phone';

const run = promisify(execFile);
const names = ['host', 'storage', 'ox-bridge', 'usm', 'eas', 'selfservice', 'console'];

/** What the packages depend on stands in Debian's own packages. */
const given = ['nodejs 20.19.0', 'adduser 3.134', 'init-system-helpers 1.65'];

/** A folder that dpkg takes for a machine: its own database, maintainer scripts and all. */
class Machine implements Disposable {
  readonly #folder = new DataFolder();
  readonly root = this.#folder.path;
  readonly data = join(this.root, 'var/lib/oxtender');
  readonly conf = join(this.root, 'etc/oxtender');

  constructor() {
    const database = join(this.root, 'var/lib/dpkg');
    for (const name of ['info', 'updates', 'triggers']) mkdirSync(join(database, name), { recursive: true });
    const status = given.map((one) => one.split(' ')).map(([name, version]) => paragraph(name, version));
    writeFileSync(join(database, 'status'), status.join('\n'));
  }

  async dpkg(...args: readonly string[]): Promise<string> {
    const options = [`--root=${this.root}`, '--force-script-chrootless', '--force-confdef', '--force-confold'];
    const { stdout, stderr } = await run('dpkg', [...options, ...args]);
    return stdout + stderr;
  }

  start(port = '0'): Promise<HostProcess> {
    const main = join(this.root, 'usr/lib/oxtender/host/dist/src/main.js');
    const bundles = join(this.root, 'usr/lib/oxtender/bundles');
    const args = [main, '--data', this.data, '--port', port, '--bundles', bundles, '--set', 'console.port=0'];
    return HostProcess.run(this.data, process.execPath, args);
  }

  /** As an operator types it, without `--data`. */
  async oxtender(...args: readonly string[]): Promise<string> {
    return (await run(join(this.root, 'usr/bin/oxtender'), args)).stdout;
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

function paragraph(name = '', version = ''): string {
  return [
    `Package: ${name}`,
    'Status: install ok installed',
    'Maintainer: Debian',
    `Version: ${version}`,
    'Architecture: all',
    `Description: ${name}`,
    '',
  ].join('\n');
}

async function build(
  out: string,
  version: string,
  only: readonly string[],
  { umask = '022', ...more }: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const env = { ...process.env, OXTENDER_PREPARED: '1', ...more };
  const args = ['--out', out, '--version', version, '--only', only.join(',')];
  const command = [join(root, 'scripts/package'), ...args];
  const { stdout } = await run('sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', ...command], { env, cwd: root });
  return stdout.trim().split('\n');
}

/** The next version of a package, with another configuration file. */
async function withConfiguration(deb: string, file: string, text: string, folder: string): Promise<string> {
  const content = join(folder, 'content');
  await run('dpkg-deb', ['-R', deb, content]);
  appendFileSync(join(content, file), text);
  const control = join(content, 'DEBIAN/control');
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, 'Version: 0.1.3'));
  const next = join(folder, 'next.deb');
  await run('dpkg-deb', ['--root-owner-group', '-Znone', '--build', content, next]);
  return next;
}

describe('Debian packages', function () {
  this.timeout(300_000);
  const out = new DataFolder();
  let packages: string[];

  before(async function () {
    if (process.getuid?.() !== 0 || !existsSync('/usr/bin/dpkg-deb')) return this.skip();
    packages = await build(out.path, '0.1.1', names);
  });
  after(() => out[Symbol.dispose]());

  it('are the same bytes when somebody else builds them again, at another time', async () => {
    using again = new DataFolder();
    const surroundings = { umask: '077', TZ: 'Pacific/Kiritimati', LC_ALL: 'C', HOME: again.path };
    for (const file of await build(again.path, '0.1.1', ['host', 'storage', 'eas', 'console'], surroundings)) {
      const before = packages.find((one) => basename(one) === basename(file));
      expect(before, file).to.be.a('string');
      expect(readFileSync(file).equals(readFileSync(before!)), file).to.equal(true);
    }
  });

  it('install, serve a phone, upgrade under it with data and edited files, go and leave nothing', async () => {
    using machine = new Machine();
    using sandboxData = new DataFolder();
    await using groupware = await HostProcess.start(sandboxData.path);
    await machine.dpkg('-i', ...packages);
    const bridge = join(machine.conf, 'ox-bridge.properties');
    const text = readFileSync(bridge, 'utf8').replace(/^ox\.url = .*$/m, `ox.url = ${groupware.url}/ajax`);
    writeFileSync(bridge, text);

    let host = await machine.start();
    try {
      const phone = await setUpPhone(host, 'PACKAGED');
      const contacts = phone.folderOfType(9);
      const received = async (): Promise<string[]> =>
        (await phone.syncAll(contacts)).flatMap(({ status, added }) => (status === 1 ? added : [`status ${status}`]));
      expect((await received()).length).to.be.greaterThan(10);
      await machine.oxtender('config', 'set', 'eas', 'com.openexchange.usm.eas.mail.time_limit=30');

      const { link } = JSON.parse(await machine.oxtender('console', 'login', '--json')) as { link: string };
      const page = await (await fetch(link)).text();
      const [script = ''] = /\/assets\/[^"]+\.js/.exec(page) ?? [];
      expect((await fetch(new URL(script, link))).headers.get('content-type')).to.match(/javascript/);

      using next = new DataFolder();
      const upgraded = await build(next.path, '0.1.2', ['eas', 'usm']);
      await machine.dpkg('-i', ...upgraded);
      expect(await machine.oxtender('bundles')).to.match(/ACTIVE +4 +0\.1\.2 +eas/);
      expect(await machine.oxtender('history')).to.match(/update oxtender\.eas/);
      expect(await received()).to.deep.equal([]);

      const eas = upgraded.find((file) => file.includes('oxtender-eas_'))!;
      const offer = '\n# New in 0.1.3.\n#com.openexchange.usm.eas.max_collections = 300\n';
      await machine.dpkg('-i', await withConfiguration(eas, 'etc/oxtender/eas.properties', offer, next.path));
      expect(readdirSync(machine.conf)).to.include('eas.properties.dpkg-dist');
      await machine.oxtender('config', 'merge');
      const merged = readFileSync(join(machine.conf, 'eas.properties'), 'utf8');
      expect(merged)
        .to.include('New in 0.1.3')
        .and.match(/^com\.openexchange\.usm\.eas\.mail\.time_limit = 30$/m);
      expect(readdirSync(machine.conf)).not.to.include('eas.properties.dpkg-dist');

      expect(await host.stop()).to.equal(0);
      host = await machine.start(new URL(host.url).port);
      expect(await received()).to.deep.equal([]);

      await machine.dpkg('--remove', 'oxtender-selfservice', 'oxtender-eas');
      expect(await machine.oxtender('bundles')).not.to.match(/\beas\b/);
      expect((await fetch(`${host.url}/Microsoft-Server-ActiveSync`, { method: 'OPTIONS' })).status).to.equal(404);
    } finally {
      await host.stop();
    }
    await machine.dpkg('--purge', ...names.map((name) => `oxtender-${name}`));
    expect(existsSync(machine.conf) || existsSync(machine.data)).to.equal(false);
    expect(existsSync(join(machine.root, 'usr/lib/oxtender'))).to.equal(false);
  });

  it('bring what an operator reads and copies', async () => {
    using folder = new DataFolder();
    const host = packages.find((file) => file.includes('oxtender-host_'))!;
    await run('dpkg-deb', ['-x', host, folder.path]);
    const manuals = join(folder.path, 'usr/share/doc/oxtender-host');
    expect(readdirSync(manuals)).to.include.members(['operators.md', 'database.md', 'security.md', 'copyright']);
    expect(readdirSync(join(manuals, 'examples/grafana'))).to.deep.equal(['oxtender.json']);
    for (const proxy of ['apache2', 'nginx', 'haproxy'])
      expect(readdirSync(join(manuals, 'examples/proxy', proxy))).to.not.deep.equal([]);
  });

  it('have every key of a configuration in its file, with its meaning', async () => {
    using folder = new DataFolder();
    for (const file of packages) await run('dpkg-deb', ['-x', file, folder.path]);
    for (const name of ['usm', 'eas', 'storage', 'ox-bridge', 'selfservice', 'console']) {
      const manifest = JSON.parse(
        readFileSync(join(folder.path, `usr/lib/oxtender/bundles/${name}/package.json`), 'utf8'),
      ) as { bundle: { configuration: Record<string, { properties: Record<string, unknown> }> } };
      for (const [pid, { properties }] of Object.entries(manifest.bundle.configuration)) {
        const text = readFileSync(join(folder.path, 'etc/oxtender', `${pid}.properties`), 'utf8');
        for (const key of Object.keys(properties))
          expect(text).to.match(new RegExp(`\n# .+\n#?${key.replaceAll('.', '\\.')} =`), key);
      }
    }
  });
});
