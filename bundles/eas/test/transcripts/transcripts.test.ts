import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { AirNotify, decode, encode, Find, Provision } from '../../src/wbxml';
import { readXml } from '../../src/wbxml/xml-reader';
import { play } from './play';
import { allMessages, transcriptFiles } from './recorded';
import { parseTranscript, printTranscript } from './transcript';

/** UPDATE_GOLDEN=1 writes what the endpoint answers now; the difference is for review. */
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

describe('transcripts', () => {
  for (const { name, path } of transcriptFiles()) {
    it(name, async () => {
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
      // libwbxml 0.11.8 knows no page 25, and no tag that came with 16.1
      const isNew = [Find.Find.namespace, AirNotify.Notify.namespace, Provision.AccountOnlyRemoteWipe.name];
      if (isNew.some((name) => xml.includes(name))) continue;
      const { status, stdout } = spawnSync('wbxml2xml', ['-l', 'ACTIVESYNC', '-o', '-', '-'], { input: bytes });
      expect(status, xml).to.equal(0);
      expect(stdout.toString()).not.to.match(/<unknown/);
    }
  });
});
