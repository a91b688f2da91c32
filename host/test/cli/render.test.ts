import { expect } from 'chai';
import { stripVTControlCharacters } from 'node:util';
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
});
