import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type SandboxConfiguration, readOptions } from '../src/configuration';
import { defaultOptions } from '../src/options';

interface Manifest {
  readonly bundle: {
    readonly components: readonly string[];
    readonly configuration: {
      readonly 'ox-sandbox': { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
    };
  };
}

const root = join(__dirname, '../..');
const { bundle } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

describe('the manifest', () => {
  it('names components that are there', () => {
    for (const path of bundle.components) expect(existsSync(join(root, path)), path).to.equal(true);
  });

  it('has the defaults that the server has without a host', () => {
    const { properties } = bundle.configuration['ox-sandbox'];
    const defaults = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, schema.default]));
    expect(readOptions(defaults as unknown as SandboxConfiguration)).to.deep.equal(defaultOptions);
  });
});
