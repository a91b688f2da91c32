import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AirNotify, decode, encode, Find } from '../../src/wbxml';
import { readXml } from '../../src/wbxml/xml-reader';
import { play } from './play';
import { parseTranscript, printTranscript } from './transcript';

/** The transcripts stand beside the source of this test, not beside its compiled form. */
const folder = join(__dirname, '../../../test/transcripts');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.txt'));

/** UPDATE_GOLDEN=1 writes what the endpoint answers now; the difference is for review. */
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

describe('transcripts', () => {
  for (const file of files.sort()) {
    const path = join(folder, file);

    it(file.replace(/\.txt$/, ''), async () => {
      const recorded = readFileSync(path, 'utf8');
      const played = printTranscript(await play(parseTranscript(recorded)));
      if (isUpdate) writeFileSync(path, played);
      else expect(played).to.equal(recorded);
    });
  }

  it('hold documents whose two forms are the same', () => {
    for (const { xml, bytes } of allMessages()) {
      if (xml === undefined || bytes === undefined) continue;
      expect(Buffer.from(encode(readXml(xml))).toString('hex')).to.equal(Buffer.from(encode(decode(bytes))).toString('hex'));
    }
  });

  it('hold no answer that libwbxml cannot read', function () {
    if (spawnSync('wbxml2xml', []).error) this.skip();
    for (const { bytes, line, xml } of allMessages()) {
      if (bytes === undefined || xml === undefined || !/^\d+$/.test(line)) continue;
      // libwbxml 0.11.8 knows no page 25
      if (xml.includes(Find.Find.namespace) || xml.includes(AirNotify.Notify.namespace)) continue;
      const { status, stdout } = spawnSync('wbxml2xml', ['-l', 'ACTIVESYNC', '-o', '-', '-'], { input: bytes });
      expect(status, xml).to.equal(0);
      expect(stdout.toString()).not.to.match(/<unknown/);
    }
  });
});

function allMessages() {
  return files
    .flatMap((file) => parseTranscript(readFileSync(join(folder, file), 'utf8')).exchanges)
    .flatMap(({ request, answer }) => [request, ...(answer ? [answer] : [])]);
}
