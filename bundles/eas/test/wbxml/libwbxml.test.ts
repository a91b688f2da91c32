import { expect } from 'chai';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import {
  AirSync,
  AirSyncBase,
  codePages,
  ComposeMail,
  decode,
  element,
  Email2,
  encode,
  Gal,
  ItemOperations,
  ResolveRecipients,
  Search,
  type Tag,
} from '../../src/wbxml';
import { arbitraryElement } from './arbitrary-element';

/** Debian's libwbxml2-utils: a codec that shares nothing with ours but the specification. */
const doctype = '<!DOCTYPE ActiveSync PUBLIC "-//MICROSOFT//DTD ActiveSync//EN" "http://www.microsoft.com/">';

/** Values that libwbxml shows as base64, and takes as base64. */
const binaryTags: ReadonlySet<Tag> = new Set([
  ResolveRecipients.Data,
  Search.ConversationId,
  Gal.Data,
  AirSyncBase.Content,
  ItemOperations.ConversationId,
  ComposeMail.Mime,
  Email2.ConversationId,
  Email2.ConversationIndex,
]);

/** Newer than libwbxml 0.11.8, or withdrawn. */
const unknownToIt: Readonly<Record<string, RegExp>> = {
  Calendar: /^(Att.*|DisplayName|ClientUid)$/,
  MeetingResponse: /^Proposed/,
  Ping: /^Version$/,
  Provision: /^AccountOnlyRemoteWipe$/,
  Find: /./,
};

/** Where libwbxml has a label of its own for what the specification names otherwise. */
const itsNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Contacts: { AssistantPhoneNumber: 'AssistantTelephoneNumber' },
  Email: { Att0Id: 'AttOId', Status: 'FlagStatus' },
  Provision: { RequireStorageCardEncryption: 'DeviceEncryptionEnabled' },
  Settings: { RightsManagementInformation: 'ihsManagementInformation' },
  ComposeMail: { Name: 'ForwardeeName', Email: 'ForwardeeEmail' },
  RightsManagement: { Owner: 'RMOwner', RemoveRightsManagementProtection: 'RemoveRightsManagementDistribution' },
};

const tagsOf = (page: object) => Object.values(page) as Tag[];
const isKnown = (tag: Tag) => !unknownToIt[tag.namespace]?.test(tag.name);

/** Labels differ in case, punctuation and prefixes: `Attendee_Email` for Email, `HomeCity` for HomeAddressCity. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .replace('address', '');
}

function run(tool: string, args: readonly string[], input: Uint8Array): Buffer {
  const { stdout, stderr, status, error } = spawnSync(tool, [...args, '-o', '-', '-'], { input, maxBuffer: 1e8 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${tool}: ${stderr.toString()}`);
  return stdout;
}

const toXml = (bytes: Uint8Array) => run('wbxml2xml', ['-m', '0', '-k', '-l', 'ACTIVESYNC'], bytes).toString('utf8');
const toWbxml = (xml: string) => run('xml2wbxml', ['-n', '-a', '-k'], Buffer.from(xml));

describe('libwbxml', () => {
  /** libwbxml's names of all tags that it knows. */
  const labels = new Map<Tag, string>();

  before(function () {
    if (spawnSync('wbxml2xml', []).error) {
      this.skip();
    }
    for (const page of codePages) {
      const tags = tagsOf(page).filter(isKnown);
      if (tags.length === 0) continue;
      const value = (tag: Tag) => (binaryTags.has(tag) ? Buffer.from('v') : 'v');
      const xml = toXml(
        encode(
          element(
            AirSync.Sync,
            tags.map((tag) => element(tag, value(tag))),
          ),
        ),
      );
      const names = [...xml.matchAll(/<([\w-]+)[^>]*>(?:v|dg==)</g)].map((match) => match[1] ?? '');
      tags.forEach((tag, index) => labels.set(tag, names[index] ?? ''));
    }
  });

  it('reads every tag that we write under the same name', () => {
    const differing = [...labels].filter(([tag, label]) => {
      const expected = itsNames[tag.namespace]?.[tag.name] ?? tag.name;
      const [theirs, ours] = [plain(label), plain(expected)];
      // a prefix such as Attendee_ tells apart what the specification tells apart by the parent
      return theirs !== ours && !(label.includes('_') && theirs.endsWith(ours)) && !theirs.endsWith(`email${ours}`);
    });
    expect(differing.map(([tag, label]) => `${tag.namespace}:${tag.name} is ${label}`)).to.deep.equal([]);
    expect(labels.size).to.be.above(500);
  });

  it('writes every tag that it knows so that we read it', () => {
    for (const page of codePages) {
      const tags = tagsOf(page).filter((tag) => labels.has(tag));
      if (tags.length === 0) continue;
      const children = tags.map(
        (tag) => `<${labels.get(tag) ?? ''} xmlns="${tag.namespace}:">dmFsdWU=</${labels.get(tag) ?? ''}>`,
      );
      const bytes = toWbxml(`<?xml version="1.0"?>${doctype}<Sync xmlns="AirSync:">${children.join('')}</Sync>`);
      const read = decode(bytes).children;
      expect(read.map(({ tag }) => tag)).to.deep.equal(tags);
      for (const { tag, content } of read) {
        expect(content, tag.name).to.deep.equal(binaryTags.has(tag) ? Buffer.from('value') : 'dmFsdWU=');
      }
    }
  });

  it('gives back what we wrote, through XML and back to WBXML', () => {
    // Labels that two pages or two parents share cannot be told apart on the way back.
    const tags = [...labels].filter(([tag, label]) => label === tag.name && !binaryTags.has(tag)).map(([tag]) => tag);
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .map(printable)
      .filter((value) => value !== '');
    fc.assert(
      fc.property(fc.array(arbitraryElement(tags, text), { minLength: 1, maxLength: 8 }), (children) => {
        const root = element(AirSync.Sync, children);
        const back = decode(toWbxml(toXml(encode(root))));
        expect(back).to.deep.equal(root);
      }),
      { numRuns: 25 },
    );
  });

  it('reads bytes of any length as we mean them', () => {
    for (const length of [0, 1, 127, 128, 5000, 70_000]) {
      const content = Buffer.from(Array.from({ length }, (_, index) => index % 251));
      const xml = toXml(encode(element(ComposeMail.SendMail, element(ComposeMail.Mime, content))));
      expect(/<MIME>([^<]*)</.exec(xml)?.[1] ?? '').to.equal(content.toString('base64'));
    }
  });
});

/** Without what XML parsers normalise or forbid. */
function printable(text: string): string {
  return Buffer.from(text.replaceAll(/[^\x20-\ufffd\u{10000}-\u{10ffff}]/gu, '').trim()).toString();
}
