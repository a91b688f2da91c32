import { expect } from 'chai';
import fc from 'fast-check';
import { mergeProperties } from '../../src/configuration/merge-properties';
import { editProperties, rawValue, readProperties } from '../../src/configuration/properties-file';

const offered = `# Mail

# Days of mail. 0: no limit.
#mail.days = 0

# New in this version.
#mail.order = newest

server = https://old.example
`;

describe('configuration files of an upgrade', () => {
  it('take the values of the file before where they stand as comments, and keep their own words', () => {
    const merged = mergeProperties(offered, 'mail.days = 30\nserver = https://mail.example\n# mine\nx.extra = 1\n');
    expect(merged).to.equal(`# Mail

# Days of mail. 0: no limit.
mail.days = 30

# New in this version.
#mail.order = newest

server = https://mail.example

# Kept from the file before: this version does not name them.
x.extra = 1
`);
  });

  it('mean what the file before meant, and all that is new besides', () => {
    const key = fc.stringMatching(/^[a-z][a-z.]{0,8}$/);
    const values = fc.dictionary(
      key,
      fc.string().map((text) => text.replaceAll('\n', ' ')),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(values, values, fc.array(key), (old, active, comments) => {
        const text = (pairs: Record<string, string>): string =>
          editProperties('', new Map(Object.entries(pairs).map(([name, value]) => [name, rawValue(value)])));
        const news = `${comments.map((name) => `#${name} = x\n`).join('')}${text(active)}`;
        const merged = readProperties(mergeProperties(news, text(old)));
        expect(merged.duplicates).to.deep.equal([]);
        const meant = new Map([...merged.entries].map(([name, { value }]) => [name, value]));
        expect(meant).to.deep.equal(new Map([...Object.entries(active), ...Object.entries(old)]));
      }),
    );
  });
});
