import { expect } from 'chai';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTextTranscript, printTextTranscript, serveAutodiscover, type TextMessage, worlds } from './transcript';

const folder = join(__dirname, '../../../test/autodiscover/transcripts');
/** UPDATE_GOLDEN=1 writes what is answered now; the difference is for review. */
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

describe('Autodiscover transcripts', () => {
  for (const file of readdirSync(folder).sort()) {
    it(file.slice(0, -4), async () => {
      const recorded = readFileSync(join(folder, file), 'utf8');
      const { head, world, requests } = parseTextTranscript(recorded);
      const served = await serveAutodiscover(worlds[world] ?? expect.fail(`no world ${world}`));
      const exchanges: [TextMessage, TextMessage][] = [];
      for (const request of requests) exchanges.push([request, await served.send(request)]);
      await served.close();
      expect(served.groupware.openSessions).to.equal(0);
      const played = printTextTranscript(head, exchanges);
      if (isUpdate) writeFileSync(join(folder, file), played);
      else expect(played).to.equal(recorded);
    });
  }
});
