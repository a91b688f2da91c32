import { findProgram } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BootedMachine } from './support/booted-machine';
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

type Substitutes = readonly (readonly [RegExp, string])[];

/** What the test does in place of a command that no machine without a net can run. */
const offline: Substitutes = [
  [/^apt update/, 'nginx -v'],
  [/^apt install nginx/, 'start_nginx'],
  [/^scripts\/package/, 'ls dist'],
  [/^certbot/, 'make_certificate'],
];

/** The machine that the walk leads over. */
interface Stage {
  /** What stands in for an operator's surroundings that the machine does not have. */
  readonly prelude: (folder: string) => string;
  readonly instead: Substitutes;
  /** Ends the host, and says how it ended. */
  readonly end: string;
  run(script: string): Promise<SpareMachineOutcome>;
}

/** With systemd: its commands are run as they stand in the page. */
const booted: Stage = {
  prelude: () => `
mkdir -p /etc/systemd/system/oxtender.service.d
printf '[Service]\\nEnvironment=NODE_EXTRA_CA_CERTS=/etc/authority.pem\\n' > /etc/systemd/system/oxtender.service.d/authority.conf
start_nginx() { systemctl start nginx; }
`,
  instead: offline,
  end: 'systemctl stop oxtender; systemctl show -P ExecMainStatus -P Result oxtender',
  async run(script) {
    using machine = new BootedMachine();
    return await machine.run(script, 300_000);
  },
};

/** Where systemd cannot be booted: the test reads the unit, and does what it says. */
const spare: Stage = {
  prelude: (folder) => `
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
start_nginx() { nginx; }
`,
  instead: [
    ...offline,
    [/^systemctl status oxtender/, 'start_unit'],
    [/^systemctl restart oxtender/, 'stop_unit; start_unit'],
    [/^systemctl reload nginx/, 'nginx -s reload'],
  ],
  end: 'stop_unit',
  async run(script) {
    using machine = new SpareMachine();
    return await machine.run(script);
  },
};

function commandFor(line: string, { instead }: Stage): string {
  const [, command] = instead.find(([pattern]) => pattern.test(line)) ?? [];
  if (command === undefined && reasonOf(line) !== undefined) throw new Error(`nothing stands in for: ${line}`);
  return command ?? line;
}

/** The surroundings that an operator has: Open-Xchange, a certificate, DNS. */
const prelude = (folder: string, certificate: string, key: string, authority: string): string => `
set -eu -o pipefail
exec 2>&1
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
(cd ${root} && OXTENDER_PREPARED=1 exec scripts/start --port 8009 --data ${folder}/ox --set ox.sandbox.prefix=/appsuite/api --set ox.url=http://localhost:8009/appsuite/api --set console.enabled=false) > ${folder}/ox.out 2> ${folder}/ox.err &
until_done grep -q ^ready ${folder}/ox.out

make_certificate() {
  mkdir -p /etc/letsencrypt/live/mail.example.com
  cp ${certificate} /etc/letsencrypt/live/mail.example.com/fullchain.pem
  cp ${key} /etc/letsencrypt/live/mail.example.com/privkey.pem
}
`;

/** Where to walk; undefined where no machine can be had. */
async function stage(): Promise<Stage | undefined> {
  const obstacle = await BootedMachine.obstacle();
  if (obstacle === undefined) return booted;
  process.stderr.write(`the walk goes without systemd: ${obstacle}\n`);
  if (['unshare', 'socat', 'setpriv'].every((program) => findProgram(program)) && SpareMachine.isPossible) return spare;
  process.stderr.write('left out: the walk needs root, overlayfs, name spaces and socat\n');
  return undefined;
}

describe('the walk of docs/operators.md', function () {
  this.timeout(400_000);
  const folder = new DataFolder();
  let outcome: SpareMachineOutcome;
  let place: Stage;

  before(async function () {
    const missing = ['nginx', 'openssl', 'dpkg-deb', 'apt'].filter((program) => !findProgram(program));
    if (missing.length > 0) {
      process.stderr.write(`left out: the walk needs ${missing.join(', ')}\n`);
      return this.skip();
    }
    const found = await stage();
    if (!found) return this.skip();
    place = found;
    const env = { ...process.env, OXTENDER_PREPARED: '1' };
    await run(join(root, 'scripts/package'), ['--out', join(folder.path, 'dist')], { env, cwd: root });
    const authority = new TestAuthority(folder.path);
    const { certificate, key } = authority.issue(['DNS:mail.example.com', 'DNS:autodiscover.example.com']);
    const commands = walk().map((line) => commandFor(line, place));
    outcome = await place.run(
      [
        prelude(folder.path, certificate, key, authority.file),
        place.prelude(folder.path),
        'set -x',
        ...commands,
        `set +x; ${place.end}; echo walked`,
      ].join('\n'),
    );
  });
  after(() => folder[Symbol.dispose]());

  it('marks what it does not run, with a reason', () => {
    const commands = walk();
    expect(commands.length).to.be.greaterThan(20);
    const notRun = commands.filter((line) => reasonOf(line) !== undefined);
    for (const line of notRun) expect(reasonOf(line)).to.match(/^(from the net|done before, in the checkout)$/);
    expect(notRun).to.have.length(offline.length);
    for (const line of notRun) commandFor(line, booted);
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

  it('has systemd know when the host serves, and that it ended well', () => {
    if (place === booted)
      expect(outcome.text)
        .to.match(/Active: active \(running\)/)
        .and.match(/Status: "serving http:\/\/127\.0\.0\.1:8080"/)
        .and.match(/\n0\nsuccess\nwalked\n$|\nsuccess\n0\nwalked\n$/);
    else expect(outcome.text).to.match(/STOPPING=1/);
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
