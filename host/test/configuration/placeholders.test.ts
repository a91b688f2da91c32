import { expect } from 'chai';
import { expand, PlaceholderError, type PlaceholderScope } from '../../src/configuration/placeholders';

const scope = (keys: Record<string, string>): PlaceholderScope => ({
  key: (name) => keys[name],
  environment: (name) => (name === 'HOME' ? '/home/ox' : undefined),
  file: (path) => (path === '/run/secret' ? 'geheim' : undefined),
});

describe('G13 placeholders', () => {
  it('come from the environment, files and other keys', () => {
    const values = { host: 'ox.example', url: 'http://${host}/ajax' };
    expect(expand('${env:HOME} ${file:/run/secret} ${url}', scope(values))).to.equal(
      '/home/ox geheim http://ox.example/ajax',
    );
  });

  it('may have a default, also an empty one', () => {
    expect(expand('${env:NONE:-x}${other:-}${file:/no:-f}', scope({}))).to.equal('xf');
  });

  it('without value and default are refused', () => {
    expect(() => expand('${env:NONE}', scope({}))).to.throw(PlaceholderError, '${env:NONE} has no value');
  });

  it('that need each other are refused with their path', () => {
    expect(() => expand('${a}', scope({ a: '${b}', b: '${a}' }))).to.throw(PlaceholderError, 'a → b → a');
  });
});
