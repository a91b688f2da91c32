import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BootedMachine } from './support/booted-machine';
import { DataFolder, root } from './support/host-process';
import { preparedForPackages, type SpareMachineOutcome } from './support/spare-machine';

const run = promisify(execFile);
const names = ['host', 'storage', 'ox-bridge', 'usm', 'eas'];

/** What happens to the service, and what systemd says of it then: `step: state` lines. */
const story = (packages: string): string => `
set -eu
${preparedForPackages}
exec 2>&1
state() { systemctl show -P "$1" oxtender; }
tell() { echo "$1: $(state ActiveState), $(state Result), $(state NRestarts) restarts"; }
serves() { curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/health/live; }
# Waits for the next life of the host, but not for ever, and notes why it has one.
after_restart() {
  why=
  for _ in $(seq 300); do
    why="$why $(state Result)"
    [ "$(state NRestarts)" = "$1" ] && [ "$(state ActiveState)" = active ] && break
    sleep 0.1
  done
  echo "why: $(echo "$why" | tr ' ' '\\n' | grep -E 'signal|watchdog' | sort -u)"
}

dpkg -i ${packages}/*.deb
tell installed
echo "enabled: $(systemctl is-enabled oxtender)"
systemctl stop oxtender
tell stopped
echo "ended with: $(state ExecMainCode) $(state ExecMainStatus)"

systemctl start --no-block oxtender
tell 'at once'
systemctl start oxtender
tell started
echo "answers: $(serves)"
echo "status: $(state StatusText)"
echo "runs as: $(ps -o user= -p "$(state MainPID)")"
grep -E '^(NoNewPrivs|Seccomp|CapBnd|CapEff):' "/proc/$(state MainPID)/status" | tr -s '\t' ' '
nsenter -t "$(state MainPID)" -m sh -c 'touch /usr/lib/oxtender/x /home/x' || echo 'system: read-only'

kill -KILL "$(state MainPID)"
after_restart 1
tell killed
echo "answers: $(serves)"

# The unit's two minutes are too long for a test; what is too short for a busy machine counts only as long as nothing runs.
mkdir -p /etc/systemd/system/oxtender.service.d
printf '[Service]\nWatchdogSec=10\nTimeoutAbortSec=5\n' > /etc/systemd/system/oxtender.service.d/impatient.conf
systemctl daemon-reload
systemctl restart oxtender
echo "watchdog: $(state WatchdogUSec)"
kill -STOP "$(state MainPID)"
after_restart 1
tell hanging
echo "answers: $(serves)"
rm -r /etc/systemd/system/oxtender.service.d
systemctl daemon-reload

dpkg-deb -R ${packages}/oxtender-storage_*.deb /storage
sed -i 's/^Version: .*/Version: 9.9.9/' /storage/DEBIAN/control
sed -i 's/"version": "[^"]*"/"version": "9.9.9"/' /usr/lib/oxtender/bundles/storage/package.json /storage/usr/lib/oxtender/bundles/storage/package.json
dpkg-deb -b /storage /storage.deb > /dev/null
echo upgrade
dpkg -i /storage.deb
tell upgraded
oxtender bundles | tr -s ' ' | grep ' storage '
systemctl stop oxtender
tell stopped
dpkg --purge oxtender-eas oxtender-usm oxtender-ox-bridge oxtender-storage oxtender-host > /dev/null
echo "purged: $(systemctl is-enabled oxtender 2>&1 | head -1)"
`;

describe('the unit under a real systemd', function () {
  this.timeout(400_000);
  const packages = new DataFolder();
  let outcome: SpareMachineOutcome;
  /** What was told, step by step. */
  let told: readonly string[];

  before(async function () {
    const obstacle = await BootedMachine.obstacle();
    if (obstacle !== undefined) {
      process.stderr.write(`left out: the unit under systemd, ${obstacle}\n`);
      return this.skip();
    }
    const args = ['--out', packages.path, '--only', names.join(',')];
    await run(join(root, 'scripts/package'), args, { env: { ...process.env, OXTENDER_PREPARED: '1' }, cwd: root });
    using machine = new BootedMachine();
    outcome = await machine.run(story(packages.path));
    told = outcome.text.split('\n');
  });
  after(() => packages[Symbol.dispose]());

  it('goes from the installation to the purge', () => expect(outcome.status, outcome.text.slice(-4000)).to.equal(0));

  it('starts with the installation, once, and with the machine from then on', () => {
    expect(told).to.include('installed: active, success, 0 restarts').and.include('enabled: enabled');
    const installation = outcome.text.slice(0, outcome.text.indexOf('installed:'));
    expect(installation, 'nothing is updated that has just been started').to.not.match(/error:|\d → \d/);
  });

  it('is active when the host serves, not before', () => {
    expect(told).to.include('at once: activating, success, 0 restarts');
    const started = told.indexOf('started: active, success, 0 restarts');
    expect(told.slice(started + 1, started + 3)).to.deep.equal([
      'answers: 200',
      'status: serving http://127.0.0.1:8080',
    ]);
  });

  it('ends with status 0 when it is stopped', () => {
    expect(told).to.include('stopped: inactive, success, 0 restarts').and.include('ended with: 1 0');
  });

  it('is a user with no privileges in a system that it cannot write', () => {
    expect(told).to.include.members([
      'runs as: oxtender',
      'NoNewPrivs: 1',
      'Seccomp: 2',
      'CapBnd: 0000000000000000',
      'CapEff: 0000000000000000',
      'system: read-only',
    ]);
  });

  it('starts again a host that was killed, and one that hangs', () => {
    expect(told).to.include('why: signal').and.include('why: watchdog');
    const answers = told.filter((line) => line === 'answers: 200').length;
    expect(told).to.include('killed: active, success, 1 restarts').and.include('hanging: active, success, 1 restarts');
    expect(answers).to.equal(3);
  });

  it('starts again for a bundle whose native code a running host cannot replace', () => {
    const upgrade = outcome.text.slice(outcome.text.indexOf('upgrade\n'));
    expect(upgrade)
      .to.match(/upgraded: active, success/)
      .and.match(/ACTIVE \d+ 9\.9\.9 storage/);
  });

  it('is gone with its package', () =>
    expect(told.some((line) => /^purged: (Failed|not-found)/.test(line))).to.equal(true));
});
