import { expect } from 'chai';
import { stripVTControlCharacters } from 'node:util';
import { printableJson } from '../../src/cli/printable';
import { render } from '../../src/cli/render';

const plain = (result: unknown): string => stripVTControlCharacters(render(result));

describe('output for a person', () => {
  it('records are a table without the columns that tell nothing', () => {
    const rows = [
      { id: 1, name: 'eas', symbolicName: 'oxtender.eas', note: '', list: ['a', 'b'] },
      { id: 10, name: 'usm', symbolicName: 'oxtender.usm', note: null, list: [] },
    ];
    expect(plain(rows)).to.equal(['id  name  list', '1   eas   a, b', '10  usm'].join('\n'));
  });

  it('one record is a list, several lines of a value stay below each other', () => {
    expect(plain({ name: 'eas', text: 'one\ntwo' })).to.equal('name  eas\ntext  one\n      two');
  });

  it('everything else is as it is', () => {
    expect([plain('text'), plain(undefined), plain(null), plain([]), plain(['a', 1]), plain(7)]).to.deep.equal([
      'text',
      '',
      '',
      'none',
      'a\n1',
      '7',
    ]);
  });

  it('drives no terminal, whatever a device is called', () => {
    const name = 'Phone\x1b]0;owned\x07\x1b[2J\u009b31m\r\u202edlo\b';
    for (const shown of [plain(name), plain([name]), plain({ name }), plain([{ name }, { name: 'other' }])]) {
      expect(shown).to.include('Phone\ufffd]0;owned');
      // eslint-disable-next-line no-control-regex -- what is looked for
      expect(shown).to.not.match(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
    }
    const json = printableJson({ name });
    expect(JSON.parse(json)).to.deep.equal({ name });
    // eslint-disable-next-line no-control-regex -- what is looked for
    expect(json).to.not.match(/[\0-\x1f\x7f-\x9f\u202e]/);
  });
});
