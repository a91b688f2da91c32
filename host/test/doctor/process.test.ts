import type { DiagnosticRequest, Finding } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskSpaceCheck } from '../../src/doctor/checks/process';

const request: DiagnosticRequest = { signal: new AbortController().signal };
const checks = join(__dirname, '../../src/doctor/checks/process.js');

/** What the check finds in a process that may have so many files open. */
function openFilesWith(limit: number): Finding {
  const program = `require(${JSON.stringify(checks)}).openFilesCheck.run({}).then((found) => process.stdout.write(JSON.stringify(found)))`;
  const output = execFileSync('sh', ['-c', `ulimit -n ${limit}; exec "$0" -e "$1"`, process.execPath, program]);
  const [finding] = JSON.parse(output.toString()) as Finding[];
  return finding!;
}

describe('what the doctor says of the process and its machine', () => {
  it('too few open files: a failure, some: a warning, and where to change it', () => {
    const found = [2000, 8000, 20_000].map(openFilesWith);
    expect(found.map(({ verdict }) => verdict)).to.deep.equal(['fail', 'warn', 'ok']);
    expect(found[0]).to.include({ message: '2000 files and connections at a time' });
    expect(found[0]!.remedy).to.include('LimitNOFILE=65536 in the unit');
  });

  for (const [size, verdict] of [
    ['100m', 'fail'],
    ['600m', 'warn'],
    ['1200m', 'ok'],
  ] as const)
    it(`a disk with ${size} free: ${verdict}`, async function () {
      const folder = mkdtempSync(join(tmpdir(), 'oxtender-disk-'));
      const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'oxtender', folder]).status === 0;
      try {
        if (!isMounted) return this.skip();
        const [finding] = await diskSpaceCheck(folder).run(request);
        expect(finding?.verdict).to.equal(verdict);
        if (verdict !== 'ok') expect(finding?.remedy).to.include('make room');
      } finally {
        if (isMounted) spawnSync('umount', [folder]);
        rmSync(folder, { recursive: true });
      }
    });

  it('a disk without inodes: a failure', async function () {
    const folder = mkdtempSync(join(tmpdir(), 'oxtender-disk-'));
    const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'nr_inodes=500', 'oxtender', folder]).status === 0;
    try {
      if (!isMounted) return this.skip();
      const [finding] = await diskSpaceCheck(folder).run(request);
      expect(finding).to.deep.include({ verdict: 'fail', remedy: 'delete files there' });
    } finally {
      if (isMounted) spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    }
  });
});
