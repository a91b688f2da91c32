import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PreferenceFiles } from '../../src/configuration/preferences';
import { stopAll, temporaryFolder } from '../support/launch';

describe('G20 preferences', () => {
  afterEach(stopAll);

  it('are a tree per bundle and per user, kept over restarts', async () => {
    const folder = join(temporaryFolder(), 'preferences');
    const root = new PreferenceFiles(folder).of('my/bundle');
    root.put('size', 3);
    root.node('ui/list').put('sorted', true);
    root.forUser('alice').put('size', 5);
    root.put('__proto__', 'odd');
    await root.flush();
    const again = new PreferenceFiles(folder).of('my/bundle');
    expect([again.get('size', 0), again.get('none', 'x'), again.get('none')]).to.deep.equal([3, 'x', undefined]);
    expect(again.node('ui/list').get('sorted')).to.equal(true);
    expect(again.childrenNames()).to.deep.equal(['ui']);
    expect([again.forUser('alice').get('size'), again.forUser('bob').get('size')]).to.deep.equal([5, undefined]);
    expect(again.keys()).to.deep.equal(['size', '__proto__']);
    expect(({} as Record<string, unknown>).odd).to.equal(undefined);
  });

  it('nodes and values go when they are removed, all when the bundle is purged', async () => {
    const folder = temporaryFolder();
    const files = new PreferenceFiles(folder);
    const root = files.of('a');
    root.node('x/y').put('k', 1);
    root.put('k', 1);
    root.remove('k');
    root.node('x').removeNode();
    expect([root.keys(), root.childrenNames()]).to.deep.equal([[], []]);
    await root.flush();
    expect(existsSync(join(folder, 'a.json'))).to.equal(true);
    files.delete('a');
    expect(existsSync(join(folder, 'a.json'))).to.equal(false);
  });

  it('refuse bad paths, and users of users', () => {
    const root = new PreferenceFiles(temporaryFolder()).of('a');
    for (const path of ['', '/a', 'a//b', 'a/']) expect(() => root.node(path), path).to.throw(TypeError);
    expect(() => root.node('a').forUser('x'))
      .to.throw()
      .with.property('code', 'ILLEGAL_STATE');
    expect(() => root.forUser('x').forUser('y'))
      .to.throw()
      .with.property('code', 'ILLEGAL_STATE');
  });
});
