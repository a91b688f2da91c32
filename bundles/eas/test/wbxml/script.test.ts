import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { AirSync, element, encode, printXml } from '../../src/wbxml';

const script = join(__dirname, '../../../../../scripts/wbxml.js');
const run = (args: readonly string[], input: Uint8Array | string = '') =>
  spawnSync(process.execPath, [script, ...args], { input });

describe('scripts/wbxml.js', () => {
  const tree = element(AirSync.Sync, element(AirSync.Status, 1));
  const bytes = Buffer.from(encode(tree));

  it('shows a document, of bytes or of hexadecimal text', () => {
    expect(run(['decode', '-'], bytes).stdout.toString()).to.equal(printXml(tree));
    expect(
      run(['decode', '--hex', '-'], `${bytes.toString('hex', 0, 5)}\n${bytes.toString('hex', 5)}`).stdout.toString(),
    ).to.equal(printXml(tree));
  });

  it('makes a document of XML', () => {
    expect(run(['encode', '-'], printXml(tree)).stdout).to.deep.equal(bytes);
    expect(run(['encode', '--hex', '-'], printXml(tree)).stdout.toString()).to.equal(`${bytes.toString('hex')}\n`);
  });

  it('says what is wrong, and how it is used', () => {
    const broken = run(['decode', '-'], 'x');
    expect([broken.status, broken.stderr.toString()]).to.deep.equal([1, 'not WBXML 1.1 to 1.3 at byte 1\n']);
    expect(run(['nonsense']).status).to.equal(2);
    expect(run(['--help']).stdout.toString()).to.match(/^usage: scripts\/wbxml.js decode/);
  });
});
