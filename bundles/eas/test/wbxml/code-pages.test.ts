import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AirNotify, codePages, type Tag, tagNamed, tagOf } from '../../src/wbxml';

interface DocumentedPage {
  readonly page: number;
  readonly name: string;
  readonly tokens: readonly { readonly token: string; readonly tag: string }[];
}

const tagsOf = (page: object) => Object.values(page) as Tag[];

describe('code pages', () => {
  it("are those of the specification's list, token by token", function () {
    const file = join(__dirname, '../../../../../../shared/reference/eas-codepages.json');
    let documented: readonly DocumentedPage[];
    try {
      ({ pages: documented } = JSON.parse(readFileSync(file, 'utf8')) as { pages: readonly DocumentedPage[] });
    } catch {
      return this.skip();
    }
    expect(codePages.length).to.equal(documented.length);
    documented.forEach(({ page, name, tokens }, index) => {
      const ours = tagsOf(codePages[index] ?? {}).map(({ page, namespace, token, name }) => [
        page,
        namespace,
        token,
        name,
      ]);
      const theirs = tokens.map(({ token, tag }) => [page, name, Number.parseInt(token, 16), tag]);
      expect(ours.sort(byToken), name).to.deep.equal(theirs.sort(byToken));
    });
  });

  it('have each token and each name once, in the range of tags', () => {
    const all = codePages.flatMap(tagsOf);
    expect(new Set(all.map(({ page, token }) => page * 64 + token)).size).to.equal(all.length);
    expect(new Set(all.map(({ namespace, name }) => `${namespace}:${name}`)).size).to.equal(all.length);
    for (const { token } of all) expect(token).to.be.within(0x05, 0x3f);
  });

  it('are found by token and by name', () => {
    for (const tag of codePages.flatMap(tagsOf)) {
      expect(tagOf(tag.page, tag.token)).to.equal(tag);
      expect(tagNamed(tag.namespace, tag.name)).to.equal(tag);
    }
    expect(tagOf(0, 0x3f)).to.equal(undefined);
    expect(tagOf(99, 0x05)).to.equal(undefined);
    expect(tagNamed('AirNotify', 'Sync')).to.equal(undefined);
    expect(AirNotify.Notify.page).to.equal(3);
  });
});

function byToken(a: readonly unknown[], b: readonly unknown[]): number {
  return (a[2] as number) - (b[2] as number);
}
