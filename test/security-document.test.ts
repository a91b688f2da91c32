import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './support/host-process';

const page = readFileSync(join(root, 'docs/security.md'), 'utf8');

/** Rows of the tables: threat, what stands against it, test. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\|(-|\s*threat)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('docs/security.md', () => {
  it('has three columns in each row, and enough rows to be a model', () => {
    expect(rows.length).to.be.greaterThan(25);
    for (const row of rows) expect(row, row.join('|')).to.have.lengthOf(5);
  });

  for (const [, threat = '', , test = ''] of rows) {
    it(`names a test that exists for: ${threat}`, () => {
      const { file = '', title = '' } = /^`(?<file>[^`]+)`: (?<title>.+)$/.exec(test)?.groups ?? {};
      expect(existsSync(join(root, file)), file).to.equal(true);
      const titles = [...readFileSync(join(root, file), 'utf8').matchAll(/\bit\(\s*(['"`])(.*?)\1/gs)].map(
        ([, , text]) => text,
      );
      expect(titles).to.include(title);
    });
  }
});
