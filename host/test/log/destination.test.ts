import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const destination = require.resolve('../../src/log/destination');

/** What a program writes to its error output, where `ends` is how it ends. */
async function written(ends: string): Promise<string> {
  const program = `
    const { logOutput } = require(${JSON.stringify(destination)});
    const output = logOutput(2, { pretty: false, colors: false });
    output.write('first\\n');
    setTimeout(() => {
      for (let line = 0; line < 1000; line++) output.write(line + '\\n');
      setImmediate(() => setImmediate(() => { output.write('last\\n'); ${ends} }));
    }, 5);`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [output] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return output;
}

describe('the output of the log', () => {
  for (const [name, ends] of [
    ['nothing is left to do', ''],
    ['somebody ends it', 'process.exit(3);'],
    ['an error that nobody catches ends it', 'throw new Error("bug");'],
  ] as const) {
    it(`has all lines in order when ${name}`, async () => {
      const lines = (await written(ends)).split('\n');
      const numbers = Array.from({ length: 1000 }, (_, line) => String(line));
      expect(lines.filter((line) => /^(first|last|\d+)$/.test(line))).to.deep.equal(['first', ...numbers, 'last']);
    });
  }
});
