import { expect } from 'chai';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { commandTable } from '../../src/protocol/command-table';
import { isWithin, protocolVersions } from '../../src/protocol/versions';
import { decode, encode } from '../../src/wbxml';
import { readXml } from '../../src/wbxml/xml-reader';
import { hasLibwbxml, libwbxmlComplaint } from './libwbxml';
import { play } from './play';
import { allMessages, transcriptFiles } from './recorded';
import { begunTranscripts } from './scenarios';
import { parseTranscript, printTranscript } from './transcript';

/** UPDATE_GOLDEN=1 writes what the endpoint answers now; the difference is for review. */
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

describe('transcripts', () => {
  const begun = begunTranscripts();
  for (const { name, path } of transcriptFiles(begun.keys())) {
    it(name, async () => {
      const recorded = existsSync(path) ? readFileSync(path, 'utf8') : '';
      const played = printTranscript(await play(begun.get(name) ?? parseTranscript(recorded)));
      if (isUpdate) writeTranscript(path, played);
      else expect(played).to.equal(recorded);
    });
  }

  for (const { descriptor } of commandTable) {
    it(`show ${descriptor.name} in each version that has it`, () => {
      const shown = new Set(
        allMessages()
          .filter(({ line }) => line.includes(`Cmd=${descriptor.name}&`))
          .map(({ headers }) => headers['MS-ASProtocolVersion']),
      );
      const versions = protocolVersions.filter((version) => isWithin(version, descriptor));
      expect([...shown]).to.include.members(versions);
    });
  }

  it('hold documents whose two forms are the same', () => {
    for (const { xml, bytes } of allMessages()) {
      if (xml === undefined || bytes === undefined) continue;
      expect(Buffer.from(encode(readXml(xml))).toString('hex')).to.equal(Buffer.from(encode(decode(bytes))).toString('hex'));
    }
  });

  it('hold no answer that libwbxml cannot read', function () {
    // a process for each answer
    this.timeout(180_000);
    if (!hasLibwbxml()) this.skip();
    for (const { bytes, line, xml } of allMessages()) {
      if (bytes === undefined || xml === undefined || !/^\d+$/.test(line)) continue;
      expect(libwbxmlComplaint(bytes)).to.equal(undefined);
    }
  });
});

function writeTranscript(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
