import { findProgram } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TestAuthority } from './support/certificates';
import { DataFolder, root } from './support/host-process';
import { preparedForPackages, SpareMachine, type SpareMachineOutcome } from './support/spare-machine';

const run = promisify(execFile);
const unit = join(root, 'packaging/oxtender.service');

/** Commands of the walk, block by block, as they stand in the page. */
function walk(): string[] {
  const page = readFileSync(join(root, 'docs/operators.md'), 'utf8');
  const section = /## From a fresh Debian[^]*?(?=\n## )/.exec(page)?.[0] ?? '';
  return [...section.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block = '']) => block.trimEnd().split('\n'));
}

const reasonOf = (line: string): string | undefined => /# not run: (.+)$/.exec(line)?.[1];

/** What the test does in place of a command that it cannot run. */
const instead: readonly (readonly [RegExp, string])[] = [
  [/^apt (update|install nginx)/, 'nginx -v'],
  [/^scripts\/package/, 'ls dist'],
  [/^systemctl status oxtender/, 'start_unit'],
  [/^systemctl restart oxtender/, 'stop_unit; start_unit'],
  [/^certbot/, 'make_certificate'],
  [/^systemctl reload nginx/, 'nginx'],
];

function substituteFor(line: string): string {
  const [, command] = instead.find(([pattern]) => pattern.test(line)) ?? [];
  if (command === undefined) throw new Error(`nothing stands in for: ${line}`);
  return command;
}

/** The surroundings that an operator has: systemd, Open-Xchange, a certificate, DNS. */
const prelude = (folder: string, certificate: string, key: string, authority: string): string => `
set -eu -o pipefail
cd ${folder}
export NODE_EXTRA_CA_CERTS=/etc/authority.pem
install -m 644 ${authority} /etc/authority.pem
echo 'APT::Get::Assume-Yes "true";' > /etc/apt/apt.conf.d/99walk
# The machine's own packages of web servers bring sites of their own.
rm -f /etc/nginx/sites-enabled/*
echo '127.0.0.1 localhost mail.example.com autodiscover.example.com' > /etc/hosts
rm -f /etc/resolv.conf; echo 'nameserver 127.0.0.1' > /etc/resolv.conf
npx() { node ${root}/node_modules/.bin/"$@"; }
${preparedForPackages}# Waits until a command succeeds, but not for ever.
until_done() { local -; set +x; for _ in $(seq 600); do "$@" && return; sleep 0.1; done; echo "in vain: $*" >&2; cat ${folder}/*.err >&2; exit 1; }

node -e "require('${root}/test/dist/support/name-server.js').NameServer.start(53).then((names) => {
  for (const name of ['mail.example.com', 'autodiscover.example.com']) names.records.push({ name, type: 'A', data: '127.0.0.1' });
})" &
(cd ${root} && OXTENDER_PREPARED=1 exec scripts/start --port 8009 --data ${folder}/ox --set ox.sandbox.prefix=/appsuite/api --set ox.url=http://localhost:8009/appsuite/api) > ${folder}/ox.out 2> ${folder}/ox.err &
until_done grep -q ^ready ${folder}/ox.out

socat -u UNIX-RECV:/run/notify,mode=666 OPEN:/run/notified,creat,append &
until_done [ -S /run/notify ]
unit_value() { sed -n "s/^$1=//p" /lib/systemd/system/oxtender.service; }
start_unit() {
  : > /run/notified
  ( umask "$(unit_value UMask)"
    exec setpriv --reuid "$(unit_value User)" --regid "$(unit_value Group)" --clear-groups --no-new-privs --bounding-set=-all \\
      env $(unit_value Environment) NOTIFY_SOCKET=/run/notify WATCHDOG_USEC=3000000 $(unit_value ExecStart) ) >> ${folder}/host.out 2>> ${folder}/host.err &
  unit=$!
  until_done grep -q READY=1 /run/notified
  until_done grep -q WATCHDOG=1 /run/notified
}
stop_unit() { kill -TERM $unit; wait $unit; grep STOPPING=1 /run/notified; }
make_certificate() {
  mkdir -p /etc/letsencrypt/live/mail.example.com
  cp ${certificate} /etc/letsencrypt/live/mail.example.com/fullchain.pem
  cp ${key} /etc/letsencrypt/live/mail.example.com/privkey.pem
}
`;

describe('the walk of docs/operators.md', function () {
  this.timeout(400_000);
  const folder = new DataFolder();
  let outcome: SpareMachineOutcome;

  before(async function () {
    const needed = ['unshare', 'nginx', 'socat', 'setpriv', 'openssl', 'dpkg-deb', 'apt'];
    const missing = needed.filter((program) => !findProgram(program));
    if (missing.length > 0 || !SpareMachine.isPossible) {
      process.stderr.write(`left out: the walk needs root, overlayfs and ${missing.join(', ') || 'name spaces'}\n`);
      return this.skip();
    }
    const env = { ...process.env, OXTENDER_PREPARED: '1' };
    await run(join(root, 'scripts/package'), ['--out', join(folder.path, 'dist')], { env, cwd: root });
    const authority = new TestAuthority(folder.path);
    const { certificate, key } = authority.issue(['DNS:mail.example.com', 'DNS:autodiscover.example.com']);
    const commands = walk().map((line) => (reasonOf(line) === undefined ? line : substituteFor(line)));
    using machine = new SpareMachine();
    outcome = await machine.run(
      [
        prelude(folder.path, certificate, key, authority.file),
        'set -x',
        ...commands,
        'set +x; stop_unit; echo walked',
      ].join('\n'),
    );
  });
  after(() => folder[Symbol.dispose]());

  it('marks what it does not run, with a reason', () => {
    const commands = walk();
    expect(commands.length).to.be.greaterThan(20);
    const notRun = commands.filter((line) => reasonOf(line) !== undefined);
    for (const line of notRun)
      expect(reasonOf(line)).to.match(/^(from the net|needs systemd|done before, in the checkout)$/);
    for (const line of notRun) substituteFor(line);
  });

  it('goes from packages to a phone that synchronises', () => {
    expect(outcome.status, outcome.text.slice(-4000)).to.equal(0);
    expect(outcome.text).to.match(/\nwalked\n$/);
    expect(outcome.text)
      .to.match(/\bACTIVE\b.*\beas\b/)
      .and.match(/, 0 failures, \d+ not checked/);
    expect(outcome.text)
      .to.include('SCRIPTEDDEVICE01')
      .and.match(/saved \d+ bytes, read again and found whole/);
  });

  it('tells systemd when it serves, that it lives, and when it stops', () => {
    expect(outcome.text).to.match(/STOPPING=1/);
  });
});

describe('the systemd unit', () => {
  it('has no fault that systemd knows of', function () {
    if (!findProgram('systemd-analyze')) return this.skip();
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    expect(stderr.split('\n').filter((line) => line.includes('oxtender'))).to.deep.equal([]);
    expect(status).to.equal(0);
  });

  it('is exposed little, as systemd counts', function () {
    if (!findProgram('systemd-analyze')) return this.skip();
    const { status, stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', unit], {
      encoding: 'utf8',
    });
    expect(status, stdout).to.equal(0);
  });
});
