import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './support/host-process';

const run = promisify(execFile);

interface Soak {
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
  readonly grown: readonly string[];
}

describe('eas is stopped, started and updated again and again', function () {
  this.timeout(120_000);

  it('N2 L20 the process holds no more after the rounds than before; docs/reliability.md has the figures of long runs', async () => {
    const env = { ...process.env, OXTENDER_PREPARED: '1' };
    const args = ['--rounds', '8', '--warmup', '4', '--json'];
    const { stdout } = await run(join(root, 'scripts', 'soak'), args, { cwd: root, env });
    const { before, after, grown } = JSON.parse(stdout) as Soak;
    expect(grown, JSON.stringify({ before, after })).to.deep.equal([]);
    expect(before['handles']).to.be.greaterThan(0);
    expect(before['service listeners']).to.be.greaterThan(0);
    expect(after['old generations in memory']).to.equal(0);
  });
});
