import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Returns the exit status, and what it said. */
type Api = (argv: readonly string[], say: (text: string) => void) => number;
// eslint-disable-next-line @typescript-eslint/no-require-imports -- a script in plain JavaScript
const api = require('../../scripts/api.js') as Api;

const surface = `/** @public */
export interface Door { readonly open: boolean; knock(times: number): void; }
/** @consumer @public */
export interface Visitor { enter(door: Door): void; }
export declare function build(kind: string): Door;
export declare const Door: unique symbol;
`;

describe('the baseline of the public surface', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'oxtender-api-'));
    mkdirSync(join(folder, 'dist'));
    become('0.1.0', surface);
    expect(run('update').status).to.equal(0);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function become(version: string, text: string): void {
    const exports = { '.': { types: './dist/index.d.ts', default: './dist/index.js' } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'doors', version, exports }));
    writeFileSync(join(folder, 'dist', 'index.d.ts'), "export * from './doors';\n");
    writeFileSync(join(folder, 'dist', 'doors.d.ts'), text);
  }

  function run(...args: readonly string[]): { status: number; stdout: string } {
    const lines: string[] = [];
    const status = api([...args, '--package', folder], (text) => lines.push(text));
    return { status, stdout: lines.join('\n') };
  }

  it('is content with the surface on record, comments and order aside', () => {
    become('0.1.0', `${surface.split('\n').slice(4).join('\n')}\n${surface.split('\n').slice(0, 4).join('\n')}`);
    expect(run('check')).to.deep.include({ status: 0, stdout: '' });
  });

  const cases: readonly (readonly [change: string, from: string, to: string, wanted: string])[] = [
    [
      'a new export is an addition',
      'export declare function',
      'export type Key = 1;\nexport declare function',
      '0.1.1',
    ],
    ['a new member of what bundles call is an addition', 'readonly open', 'close(): void; readonly open', '0.1.1'],
    ['a new member of what bundles implement breaks', 'enter(', 'leave(): void; enter(', '0.2.0'],
    ['an optional member of what bundles implement is an addition', 'enter(', 'leave?(): void; enter(', '0.1.1'],
    ['a member that is gone breaks', 'knock(times: number): void;', '', '0.2.0'],
    ['another type breaks', 'times: number', 'times: string', '0.2.0'],
    ['another parameter breaks', 'kind: string', 'kind: string, size: number', '0.2.0'],
    ['an export that is gone breaks', 'export declare const Door: unique symbol;', '', '0.2.0'],
  ];
  for (const [change, from, to, wanted] of cases) {
    it(`${change}: ${wanted}`, () => {
      become('0.1.0', surface.replace(from, to));
      for (const command of ['check', 'update']) {
        const { status, stdout } = run(command);
        expect([status, stdout]).to.satisfy(() => status === 1 && stdout.includes(`must be version ${wanted}`), stdout);
      }
      become(wanted, surface.replace(from, to));
      expect(run('check').stdout).to.include('npm run api:update');
      expect(run('update').status).to.equal(0);
      expect(run('check')).to.deep.include({ status: 0, stdout: '' });
    });
  }

  it('from 1.0.0 on demands a major version for a break, a minor one for an addition', () => {
    become('1.2.3', surface);
    expect(run('update').status).to.equal(0);
    become('1.2.3', surface.replace('times: number', 'times: string'));
    expect(run('check').stdout).to.include('must be version 2.0.0');
    become('1.2.3', `${surface}export type Key = 1;\n`);
    expect(run('check').stdout).to.include('must be version 1.3.0');
  });

  it('takes a change under an unreleased version when it is told so', () => {
    become('0.1.0', surface.replace('times: number', 'times: string'));
    expect(run('update', '--unreleased').status).to.equal(0);
    expect(run('check').status).to.equal(0);
  });
});
