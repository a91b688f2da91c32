import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stopAll, temporaryFolder } from '../support/launch';
import { killAll, MainProcess } from '../support/main-process';

const root = join(__dirname, '../../../..');
const page = readFileSync(join(root, 'docs', 'writing-a-bundle.md'), 'utf8');

/** The files of the page: a line with the path, then a block with the text. */
function filesOf(text: string): [string, string][] {
  const blocks = text.matchAll(/^`(greeter\/[^`]+)`:\n\n```\w+\n([\s\S]*?)\n```$/gm);
  return Array.from(blocks, ([, path = '', content = '']) => [path, content]);
}

describe('docs/writing-a-bundle.md', function () {
  this.timeout(60_000);
  // Inside the repository, where the compiler finds the packages that a bundle imports.
  const folder = mkdtempSync(join(__dirname, 'bundle-'));

  after(async () => {
    await killAll();
    await stopAll();
    rmSync(folder, { recursive: true });
  });

  it('its bundle compiles as the page says, and does what the page says', async () => {
    const files = filesOf(page);
    expect(files.map(([path]) => path)).to.deep.equal([
      'greeter/package.json',
      'greeter/tsconfig.json',
      'greeter/src/greeter.ts',
    ]);
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const bundle = join(folder, 'greeter');
    const [program = '', ...args] = /^ +npx (tsc .*)$/m.exec(page)![1]!.split(' ');
    execFileSync(join(root, 'node_modules', '.bin', program), args, { cwd: folder });

    const [, embedding = ''] = /```js\n([\s\S]*?)\n```/.exec(page) ?? [];
    writeFileSync(join(folder, 'embedding.js'), embedding);
    expect(execFileSync(process.execPath, ['embedding.js'], { cwd: folder, encoding: 'utf8' })).to.equal(
      'Hello, Ada!\n',
    );

    const host = MainProcess.start(join(temporaryFolder(), 'data'));
    const url = await host.ready();
    const run = async (line: string): Promise<string> => (await host.oxtender(...line.split(' '))).out;
    expect(await run(`install --start ${bundle}`)).to.contain('example.greeter');
    const greet = async (name: string): Promise<string> => (await fetch(`${url}/greet/${name}`)).text();
    expect(await greet('Ada')).to.equal('Hello, Ada!');
    expect(JSON.parse(await run('greet Ada Bob --json'))).to.deep.equal([
      { name: 'Ada', greeting: 'Hello, Ada!' },
      { name: 'Bob', greeting: 'Hello, Bob!' },
    ]);
    await run('config set greeter greeter.text=Moin greeter.limit=2');
    expect(await greet('Ada')).to.equal('Moin, Ada!');
    expect(await run('health')).to.contain('4 greetings: raise greeter.limit');
    expect(await run('update greeter')).to.contain('1.0.0 → 1.0.0, ACTIVE');
    expect(await greet('Ada')).to.equal('Moin, Ada!');
    expect(await run('stop greeter')).to.contain('RESOLVED');
    expect((await fetch(`${url}/greet/Ada`)).status).to.equal(503);
    expect(host.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });
});
