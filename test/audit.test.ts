import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
