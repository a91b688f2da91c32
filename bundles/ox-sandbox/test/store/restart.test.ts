import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { OxSandbox, seedDemo } from '../../src';
import { makeDemoFile } from '../../src/seed/demo-file';
import { HandClock } from '../support/server';

describe('a restarted server', () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ox-sandbox-restart-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (): OxSandbox => new OxSandbox({ file: join(folder, 'ox.sqlite'), clock: new HandClock() });

  it('has everything that it had, gives no stamp twice, and adds no demonstration again', async () => {
    const first = open();
    await seedDemo(first);
    const before = first.contexts.open(1);
    const stamp = before.db.stamp();
    before.folders.update(28, { title: 'Kin' }, 3);
    const counts = ['contact', 'appointment', 'task', 'mail'].map((table) =>
      before.db.value(`SELECT count(*) FROM ${table}`),
    );
    first[Symbol.dispose]();
    const second = open();
    await seedDemo(second);
    const after = second.contexts.open(1);
    expect(after.folders.get(28)?.title).to.equal('Kin');
    expect(after.db.stamp()).to.be.greaterThan(stamp + 1);
    expect(
      ['contact', 'appointment', 'task', 'mail'].map((table) => after.db.value(`SELECT count(*) FROM ${table}`)),
    ).to.deep.equal(counts);
    second[Symbol.dispose]();
  });

  it('has its demonstration whole or not at all', async () => {
    const file = join(folder, 'ox.sqlite');
    writeFileSync(`${file}.unfinished`, 'left by a process that was killed');
    const clock = new HandClock();
    await makeDemoFile({ file, clock });
    await makeDemoFile({ file, clock });
    expect(readdirSync(folder)).to.deep.equal(['ox.sqlite']);
    const sandbox = open();
    expect(sandbox.contexts.open(1).users.all()).to.have.length(2);
    sandbox[Symbol.dispose]();
  });

  it('finds its contexts, which share nothing', async () => {
    const first = open();
    await first.contexts
      .open(2)
      .addUser({ login: 'carol@other.example', password: 'x', mail: 'carol@other.example', displayName: 'Carol' });
    first[Symbol.dispose]();
    const second = open();
    const account = second.contexts.byLogin('carol@other.example');
    expect([account?.context.id, account?.user.id]).to.deep.equal([2, 3]);
    expect(second.contexts.open(1).users.all()).to.deep.equal([]);
    second[Symbol.dispose]();
  });
});
