import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commonStatuses } from '../../src/protocol/common-status';
import { type Element, decode } from '../../src/wbxml';
import { transcriptFiles } from './recorded';
import { parseTranscript } from './transcript';

/** `shown`: in a transcript of the command; a path from the repository's root: tested there; any other text: why it cannot happen here. */
type Proof = string;

const shown = 'shown';
const isTest = (proof: Proof): boolean => /^[\w/-]+\.test\.ts$/.test(proof);
const all = (...codes: readonly number[]): Readonly<Record<number, Proof>> =>
  Object.fromEntries(codes.map((code) => [code, shown]));
const because = (reason: string, ...codes: readonly number[]): Readonly<Record<number, Proof>> =>
  Object.fromEntries(codes.map((code) => [code, reason]));

const unknownErrors = 'an error that nothing else is known of is the server error of the command';
const noDocuments = 'of document libraries, which are not offered: the store is unknown (9) or blocked (13)';
const certificates = 'bundles/eas/test/commands/validate-cert.test.ts';

/** The statuses of each command's own, by the lists of [MS-ASCMD] and [MS-ASPROV]. */
const ofCommands: Readonly<Record<string, Readonly<Record<number, Proof>>>> = {
  Sync: {
    ...all(1, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16),
    ...because('a version that is not known is told by HTTP 400 or 505', 2),
  },
  FolderSync: { ...all(1, 6, 9, 10), ...because(unknownErrors, 11, 12) },
  FolderCreate: { ...all(1, 2, 3, 5, 6, 9, 10), ...because(unknownErrors, 11) },
  FolderUpdate: { ...all(1, 2, 3, 4, 5, 6, 9, 10), ...because(unknownErrors, 11) },
  FolderDelete: { ...all(1, 3, 4, 6, 9, 10), ...because(unknownErrors, 11) },
  GetItemEstimate: all(1, 2, 3, 4),
  Ping: all(1, 2, 3, 4, 5, 6, 7, 8),
  MoveItems: all(1, 2, 3, 4, 5, 7),
  ItemOperations: {
    ...all(1, 2, 3, 6, 8, 9, 11, 15, 16, 17, 156),
    ...because(noDocuments, 4, 5, 7, 10, 18),
    ...because('a file that cannot be read to its end ends the request (3, or HTTP 503)', 12),
    ...because('every body can be given in every form that is answered', 14),
    ...because('there is no recipient cache to move to', 105),
    ...because('a move without MoveAlways is done once, as Exchange does it', 155),
  },
  Search: {
    ...all(1, 2, 3, 4, 5, 6, 8, 11, 12, 13),
    ...because('only this server is searched; when OX is out of order, the answer is HTTP 503', 7),
    ...because('a page takes as long as the page; what OX takes too long for is HTTP 503', 10),
    ...because(noDocuments, 14),
  },
  Find: all(1, 2, 3, 4),
  ResolveRecipients: all(1, 2, 3, 4, 5, 6, 7, 8, 160, 161, 162, 163, 173, 174, 175),
  ValidateCert: {
    ...all(1, 2, 10),
    ...Object.fromEntries([3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 15, 16].map((code) => [code, certificates])),
    ...because('no request names the address that a certificate should be for', 12),
    ...because('nothing else is found wrong with a certificate', 17),
  },
  Settings: all(1, 2, 3, 4, 5, 6, 7, 168),
  MeetingResponse: all(1, 2, 3, 4, 103, 104, 146),
  SendMail: all(103, 107, 115, 118, 119, 120, 123, 166, 168),
  SmartReply: all(103, 104, 107, 115, 118, 119, 120, 146, 150, 166, 168),
  SmartForward: all(103, 104, 107, 115, 118, 119, 120, 121, 146, 150, 166, 168, 178, 179),
  Provision: {
    ...all(1, 2, 3, 5, 139, 145, 165),
    ...because('a policy that is none is refused when it is configured', 4),
    ...because('devices that cannot be told of a policy are exempted, or get 142', 141),
  },
};

const noRights = 'there is no rights management: templates are refused with 168';
const retryLater = 'HTTP 503 with Retry-After says the same to every version';
const ownStatus = 'the command has a status of its own for it';
const noCopies = 'of servers that move mailboxes between versions';

/** Common statuses that no transcript shows: where they are tested, or why they cannot happen. */
const commonElsewhere: Readonly<Record<number, Proof>> = {
  ...because('there is no recipient cache', 105),
  ...because('ids are opaque: one that was never given out is not found (150, or the status of the command)', 106),
  ...because(retryLater, 111, 114),
  ...because('OX has no directory apart', 112),
  ...because('OX does not say which recipient it does not know: 120', 116),
  ...because(noRights, 117, 169, 170, 171, 172),
  ...because('a request that is too large is HTTP 413, a mail that OX finds too large is 115', 122),
  ...because('a request without a password is HTTP 401', 124),
  ...because('OX does not tell a wrong user from a wrong password: HTTP 401', 125),
  ...because(noCopies, 127, 128),
  ...because('OX tells of a disabled account as of one that may not synchronise: 126', 131),
  ...because(`${ownStatus} (Sync 3, FolderSync 9)`, 132, 134, 136),
  ...because('two beginnings at once lead to the same state', 135),
  ...because('Android takes it as a refusal: a device without a key gets 142, with which it asks for the policy', 141),
  ...because('test/wipe-and-policy.test.ts', 143),
  ...because('document libraries are not offered', 148),
  ...because(`${ownStatus} (Sync 13)`, 149),
  ...because('an account without folders may not synchronise: 126', 152),
  ...because(`${ownStatus} (MoveItems 1 and 5, ItemOperations 17)`, 153, 154),
  ...because('a move without MoveAlways is done once, as Exchange does it', 155),
  ...because('a sender whom OX refuses is a mail that cannot be sent: 120', 167),
  ...because('a part is made of one mail, whatever the size of its conversation', 176),
  ...because('test/sending.test.ts', 183),
  ...because('the groupware stores a series with its exceptions or refuses it: 6', 184),
};

/** The repository, seen from the compiled form of this file. */
const repository = join(__dirname, '../../../../..');

/** Numbers in the Status elements of all answers to each command. */
function statusesShown(): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const { path } of transcriptFiles()) {
    for (const { request, answer } of parseTranscript(readFileSync(path, 'utf8')).exchanges) {
      const command = /Cmd=(\w+)/.exec(request.line)?.[1] ?? '';
      const statuses = found.get(command) ?? new Set();
      found.set(command, statuses);
      if (answer?.bytes && answer.xml !== undefined) collect(decode(answer.bytes), statuses);
    }
  }
  return found;
}

function collect(element: Element, statuses: Set<number>): void {
  if (element.tag.name === 'Status') statuses.add(Number(element.text));
  for (const child of element.children) collect(child, statuses);
}

describe('statuses', () => {
  const found = statusesShown();

  for (const [command, statuses] of Object.entries(ofCommands)) {
    for (const [code, proof] of Object.entries(statuses)) {
      it(`${command} ${code}: ${proof}`, () => check(Number(code), proof, found.get(command) ?? new Set()));
    }

    it(`${command} answers no other of its own`, () => {
      const known = Object.keys(statuses).map(Number);
      expect([...(found.get(command) ?? [])].filter((code) => code < 100 && !known.includes(code))).to.deep.equal([]);
    });
  }

  const everywhere = new Set([...found.values()].flatMap((statuses) => [...statuses]));
  for (const [name, { status }] of Object.entries(commonStatuses)) {
    const proof = commonElsewhere[status] ?? shown;
    it(`${status} ${name}: ${proof}`, () => check(status, proof, everywhere));
  }
});

function check(code: number, proof: Proof, statuses: ReadonlySet<number>): void {
  if (isTest(proof)) expect(existsSync(join(repository, proof)), proof).to.equal(true);
  else expect(statuses.has(code)).to.equal(proof === shown);
}
