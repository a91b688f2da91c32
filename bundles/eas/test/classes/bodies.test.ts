import { expect } from 'chai';
import type { Appointment, Body, Contact, Message } from '@oxtender/bundle-api';
import {
  type BodyPreference,
  type ItemContext,
  type ItemOptions,
  defaultItemOptions,
  readChange,
  readOptions,
} from '../../src/classes';
import { withoutQuotedMail } from '../../src/classes/email/quoted-mail';
import { longestSource } from '../../src/classes/email/source-limits';
import { AirSyncBase, Contacts, Email, type Element, element } from '../../src/wbxml';
import { applicationData, contextFor, edited } from './context';

const html: Body = { format: 'html', content: '<p>Hällo <b>Wörld</b></p>' };
const text: Body = { format: 'text', content: 'Hällo Wörld' };

function mailContext(options: Partial<ItemOptions>, version: Parameters<typeof contextFor>[1] = '14.1'): ItemContext {
  return contextFor('Email', version, { options: { ...defaultItemOptions, ...options } });
}

/** The Body element as `name text` lines. */
function bodyOf(message: Message, context: ItemContext, tag: Element['tag'] = AirSyncBase.Body): string[] | undefined {
  const body = applicationData('Email', message, context).child(tag);
  return body?.children.map((child) => `${child.tag.name} ${child.text}`);
}

const preferring = (...bodyPreferences: BodyPreference[]): ItemContext => mailContext({ bodyPreferences });

describe('bodies of mails', () => {
  const both: Message = { read: true, bodies: [text, html] };
  const onlyText: Message = { read: true, bodies: [text] };

  it('are left out when the device asks for none', () => {
    expect(bodyOf(both, preferring())).to.equal(undefined);
  });

  it('come in the stored form if the device takes it, else in HTML, else as text', () => {
    const plain = ['Type 1', 'EstimatedDataSize 13', 'Data Hällo Wörld'];
    expect(bodyOf(both, preferring({ type: 1 }, { type: 2 }))?.[0]).to.equal('Type 2');
    expect(bodyOf(onlyText, preferring({ type: 2 }, { type: 1 }))).to.deep.equal(plain);
    expect(bodyOf(onlyText, preferring({ type: 2 }))).to.deep.equal([
      'Type 2',
      'EstimatedDataSize 39',
      'Data <html><body>Hällo Wörld</body></html>',
    ]);
    expect(bodyOf({ read: true, bodies: [html] }, preferring({ type: 1 }))).to.deep.equal(plain);
    expect(bodyOf(both, preferring({ type: 3 }))).to.deep.equal(plain);
  });

  it('are cut between characters', () => {
    expect(bodyOf(onlyText, preferring({ type: 1, truncationSize: 2 }))).to.deep.equal([
      'Type 1',
      'EstimatedDataSize 13',
      'Truncated 1',
      'Data H',
    ]);
    const cut: Body = { ...text, fullSize: 5000 };
    expect(bodyOf({ read: true, bodies: [cut] }, preferring({ type: 1, truncationSize: 3 }))).to.deep.equal([
      'Type 1',
      'EstimatedDataSize 5000',
      'Truncated 1',
      'Data Hä',
    ]);
  });

  it('with AllOrNone are whole or in the next form', () => {
    const all: BodyPreference = { type: 2, truncationSize: 20, allOrNone: true };
    expect(bodyOf(both, preferring(all, { type: 1, truncationSize: 5 }))?.[0]).to.equal('Type 1');
    expect(bodyOf(both, preferring(all))).to.equal(undefined);
    expect(bodyOf(both, preferring({ ...all, truncationSize: 200 }))?.[0]).to.equal('Type 2');
  });

  it('are left out when they are empty', () => {
    expect(bodyOf({ read: true, bodies: [{ format: 'text', content: '' }] }, preferring({ type: 1 }))).to.equal(
      undefined,
    );
  });

  it('have the preview that was asked for', () => {
    expect(bodyOf(both, preferring({ type: 2, preview: 5 }))?.at(-1)).to.equal('Preview Hällo');
  });

  it('are whole when the device fetches them', () => {
    const context = { ...preferring({ type: 1, truncationSize: 2 }), truncate: false };
    expect(bodyOf(onlyText, context)?.[2]).to.equal('Data Hällo Wörld');
  });
});

describe('sources of mails', () => {
  const source = Buffer.from('Subject: x\r\n\r\nHällo\r\n');
  const signed: Message = { read: true, security: 'signed', source, size: source.length, bodies: [text] };
  const mime = (mimeSupport: 0 | 1 | 2, more: Partial<ItemOptions> = {}): ItemContext =>
    mailContext({ mimeSupport, bodyPreferences: [{ type: 4 }, { type: 1 }], ...more });

  it('go down where MIMESupport says so', () => {
    const types = ([0, 1, 2] as const).map((support) => [
      bodyOf(signed, mime(support))?.[0],
      bodyOf({ ...signed, security: 'none' }, mime(support))?.[0],
    ]);
    expect(types).to.deep.equal([
      ['Type 1', 'Type 1'],
      ['Type 4', 'Type 1'],
      ['Type 4', 'Type 4'],
    ]);
  });

  it('arrive byte for byte, as text or, where text cannot, as bytes', () => {
    const latin = Buffer.from('Subject: x\r\n\r\nH\xe4llo\r\n', 'latin1');
    for (const bytes of [source, latin, Buffer.from('a\0b')]) {
      const data = applicationData('Email', { ...signed, source: bytes, size: bytes.length }, mime(1));
      const content = data.child(AirSyncBase.Body)?.child(AirSyncBase.Data)?.content as string | Uint8Array;
      expect(Buffer.from(content as string)).to.deep.equal(bytes);
    }
  });

  it('are cut where MIMETruncation says so, with the size of the whole', () => {
    const long = Buffer.alloc(10_000, 'ä');
    const body = bodyOf({ ...signed, source: long, size: 12_000 }, mime(2, { mimeTruncation: 1 }));
    expect(body?.slice(0, 3)).to.deep.equal(['Type 4', 'EstimatedDataSize 12000', 'Truncated 1']);
    expect(Buffer.byteLength(body?.[3] ?? '')).to.equal('Data '.length + 4096);
  });

  it('are asked of the groupware only when they can be needed', () => {
    expect(readOptions('Email', mime(0))).to.not.have.property('maxSourceSize');
    expect(readOptions('Email', mime(1, { mimeTruncation: 3 }))).to.include({
      maxSourceSize: 7168,
      sourceOf: 'secured',
    });
    expect(readOptions('Email', mime(2))).to.include({ maxSourceSize: longestSource });
    expect(readOptions('Email', preferring({ type: 2, truncationSize: 2048 }))).to.deep.equal({
      bodies: ['html', 'text'],
      maxBodySize: 2048,
    });
    expect(readOptions('Contacts', contextFor('Contacts', '14.1'))).to.deep.equal({});
  });
});

describe('mails in version 2.5', () => {
  const message: Message = { read: true, bodies: [html, text], source: Buffer.from('Subject: x\r\n\r\n') };
  const names = (options: Partial<ItemOptions>) =>
    applicationData('Email', message, mailContext(options, '2.5'))
      .children.filter(({ tag }) => /Body|MIME/.test(tag.name))
      .map(({ tag, text: value }) => `${tag.name} ${value}`);

  it('have their text cut by Truncation', () => {
    expect(names({})).to.deep.equal(['Body Hällo Wörld', 'BodySize 13', 'BodyTruncated 0']);
    expect(names({ truncation: 0 })).to.deep.equal(['BodySize 13', 'BodyTruncated 1']);
  });

  it('have their source where MIMESupport says so', () => {
    expect(names({ mimeSupport: 2 })).to.deep.equal(['MIMEData Subject: x\r\n\r\n', 'MIMETruncated 0', 'MIMESize 14']);
  });
});

describe('what is new in a conversation', () => {
  const quoted = '<p>Yes</p><blockquote><p>Really?</p></blockquote>';
  const options = { bodyPartPreferences: [{ type: 2, preview: 10 }] };

  it('is the part before the quoted mail', () => {
    const message: Message = { read: true, bodies: [{ format: 'html', content: quoted }] };
    expect(bodyOf(message, mailContext(options), AirSyncBase.BodyPart)).to.deep.equal([
      'Status 1',
      'Type 2',
      'EstimatedDataSize 10',
      'Data <p>Yes</p>',
      'Preview Yes',
    ]);
    expect(bodyOf(message, mailContext(options, '14.0'), AirSyncBase.BodyPart)).to.equal(undefined);
  });
});

describe('bodies of other items', () => {
  const long: Contact = { body: { format: 'text', content: 'Line one\nLine two\nLine three' } };
  const cut = contextFor('Contacts', '14.1', {
    options: { ...defaultItemOptions, bodyPreferences: [{ type: 1, truncationSize: 8 }] },
  });

  it('stay whole when a device got a part of them and sends it back', () => {
    const data = applicationData('Contacts', long, cut);
    expect(data.child(AirSyncBase.Body)?.child(AirSyncBase.Data)?.text).to.equal('Line one');
    expect(readChange('Contacts', data, cut)(long)).to.deep.equal({});
  });

  it('stay HTML when a device got them as text, with other ends of lines', () => {
    const current: Appointment = {
      start: 0,
      end: 1,
      allDay: false,
      body: { format: 'html', content: '<p>A</p><p>B</p>' },
    };
    const context = contextFor('Calendar', '14.1');
    const data = applicationData('Calendar', current, context);
    const sent = data.child(AirSyncBase.Body)?.child(AirSyncBase.Data)?.text ?? '';
    expect(sent).to.equal('A\n\nB');
    const back = edited(data, [[AirSyncBase.Body, bodyElement(data, 'A\r\n\r\nB\r\n')]]);
    expect(readChange('Calendar', back, context)(current)).to.deep.equal({});
    const changed = edited(data, [[AirSyncBase.Body, bodyElement(data, 'C')]]);
    expect(readChange('Calendar', changed, context)(current)).to.deep.equal({ body: { format: 'text', content: 'C' } });
  });

  it('that a device got cut and edited keep their rest', () => {
    const data = applicationData('Contacts', long, cut);
    const changed = edited(data, [[AirSyncBase.Body, bodyElement(data, 'Line 1')]]);
    expect(readChange('Contacts', changed, cut)(long)).to.deep.equal({
      body: { format: 'text', content: 'Line 1\nLine two\nLine three' },
    });
    const whole = edited(data, [[AirSyncBase.Body, bodyElement(data, 'Line 1\r\nLine two\r\nLine three')]]);
    expect(readChange('Contacts', whole, cut)(long)).to.deep.equal({
      body: { format: 'text', content: 'Line 1\r\nLine two\r\nLine three' },
    });
  });

  it('of nothing but spaces, or of divisions without end, are compared in no time', () => {
    const spaces: Contact = { body: { format: 'text', content: ' '.repeat(500_000) } };
    const data = applicationData('Contacts', spaces, contextFor('Contacts', '14.1'));
    expect(readChange('Contacts', data, contextFor('Contacts', '14.1'))(spaces)).to.deep.equal({});
    expect(withoutQuotedMail('<div'.repeat(100_000))).to.have.length(400_000);
  });

  it("go on the class's own page in 2.5", () => {
    const context = contextFor('Contacts', '2.5', { options: { ...defaultItemOptions, truncation: 1 } });
    const data = applicationData('Contacts', { body: { format: 'text', content: 'x'.repeat(600) } }, context);
    const sizes = [Contacts.Body, Contacts.BodySize, Contacts.BodyTruncated].map((tag) => data.child(tag)?.text);
    expect(sizes).to.deep.equal(['x'.repeat(512), '600', '1']);
    expect(data.child(Email.Body)).to.equal(undefined);
  });

  /** The Body that a device got, with another text. */
  function bodyElement(data: Element, content: string): Element {
    const type = data.child(AirSyncBase.Body)?.child(AirSyncBase.Type);
    return element(AirSyncBase.Body, type, element(AirSyncBase.Data, content));
  }
});
