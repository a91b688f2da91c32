import { expect } from 'chai';
import type { Message, MessageFlags } from '../../model/message';
import type { GroupwareSession } from '../../services/groupware/groupware-session';
import type { FolderRef } from '../../services/groupware/items';
import type { MailCondition, MailStore } from '../../services/groupware/mail';
import { bytesOf, failureOf, streamOf, type Scene } from './fixture';

type MailFolder = FolderRef & { itemClass: 'Email' };

/** Two texts, a picture inside, a file with a name that is no ASCII. */
const rich = [
  'From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.org>',
  'To: Anna <anna@example.org>, bert@example.org',
  'Cc: carl@example.org',
  'Subject: =?utf-8?B?R3LDvMOfZSDwn5iA?=',
  'Message-ID: <rich-1@example.org>',
  'In-Reply-To: <before@example.org>',
  'References: <first@example.org> <before@example.org>',
  'Date: Mon, 04 Jan 2027 10:00:00 +0100',
  'X-Priority: 1',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="outer"',
  '',
  '--outer',
  'Content-Type: multipart/alternative; boundary="inner"',
  '',
  '--inner',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'Gr=C3=BC=C3=9Fe & <more>',
  '--inner',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>Gruss &amp; <b>more</b></p>',
  '--inner--',
  '--outer',
  'Content-Type: application/pdf; name="report.pdf"',
  "Content-Disposition: attachment; filename*=utf-8''%C3%9Cbersicht.pdf",
  'Content-Transfer-Encoding: base64',
  '',
  'JVBERi0xLjQ=',
  '--outer--',
  '',
].join('\r\n');

const plain = (subject: string, text = 'Hello'): string =>
  `From: someone@example.org\r\nTo: anna@example.org\r\nSubject: ${subject}\r\nDate: Mon, 04 Jan 2027 10:00:00 +0100\r\n` +
  `Content-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`;

/** Mails. */
export function describeMails(scene: () => Scene): void {
  describe('mails', () => {
    const mail = (session: GroupwareSession = scene().session): MailStore => {
      if (!session.mail) throw new Error('the session has no mail');
      return session.mail;
    };
    const store = async (folder: MailFolder, source: string, flags: Partial<MessageFlags> = {}): Promise<string> =>
      (await mail().createFromSource(folder, streamOf(source), { ...scene().options, flags })).id;

    it('are read as records: addresses, texts, files, threads', async () => {
      const folder = await scene().folder('Email');
      const message = await scene().read(folder, await store(folder, rich));
      expect(message).to.deep.include({
        subject: 'Grüße 😀',
        from: [{ name: 'Jörg', address: 'joerg@example.org' }],
        to: [{ name: 'Anna', address: 'anna@example.org' }, { address: 'bert@example.org' }],
        cc: [{ address: 'carl@example.org' }],
        messageId: '<rich-1@example.org>',
        inReplyTo: '<before@example.org>',
        references: ['<first@example.org>', '<before@example.org>'],
        sentAt: Date.UTC(2027, 0, 4, 9),
        importance: 'high',
        read: false,
      });
      expect(textOf(message, 'text')).to.equal('Grüße & <more>');
      expect(textOf(message, 'html')).to.equal('<p>Gruss &amp; <b>more</b></p>');
      expect(message.attachments?.map(({ fileName, contentType }) => [fileName, contentType])).to.deep.equal([
        ['Übersicht.pdf', 'application/pdf'],
      ]);
    });

    it('give their attachments as bytes', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Email');
      const id = await store(folder, rich);
      const [file] = (await scene().read(folder, id)).attachments ?? [];
      const { info, content } = await session.readAttachment(folder, id, file?.id ?? '', options);
      expect(info).to.deep.equal(file);
      expect((await bytesOf(content)).toString()).to.equal('%PDF-1.4');
    });

    it('give their source byte for byte, and stay unread', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Email');
      const id = await store(folder, rich);
      expect((await bytesOf(await mail().readSource(folder, id, options))).toString('latin1')).to.equal(rich);
      const [cut] = await session.read(folder, [id], { ...options, maxSourceSize: 100 });
      expect(Buffer.from(sourceOf(cut)).toString('latin1')).to.equal(rich.slice(0, 100));
      expect(await scene().read(folder, id)).to.include({ read: false });
    });

    it('give their source where only that of signed and encrypted ones is wanted', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Email');
      const signed = plain('Signed').replace('text/plain; charset=utf-8', 'multipart/signed; boundary=b');
      const ids = [await store(folder, plain('Open')), await store(folder, signed)];
      const found = await session.read(folder, ids, { ...options, maxSourceSize: 10_000, sourceOf: 'secured' });
      const sources = found.map((one) => Buffer.from(sourceOf(one)).toString('latin1'));
      expect(sources).to.deep.equal(['', signed]);
    });

    it('give as much of a text as was asked for', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Email');
      const id = await store(folder, plain('Long', 'äöü '.repeat(5000)));
      const [found] = await session.read(folder, [id], { ...options, bodies: ['text'], maxBodySize: 12_001 });
      const body = found?.error ? undefined : found?.item.bodies?.[0];
      expect(Buffer.byteLength(body?.content ?? '')).to.be.within(11_998, 12_001);
      expect(body?.content).to.not.include('\uFFFD');
      expect(body?.fullSize).to.be.greaterThan(12_001);
    });

    it('are dated by their conversations, where that is wanted', async function () {
      const { session, options, fixture } = scene();
      if (fixture.limits?.noConversations === true) this.skip();
      const folder = await scene().folder('Email');
      const at = (day: number, more: string) =>
        plain('Plan').replace('04 Jan', `0${day} Jan`).replace('Subject', `${more}\r\nSubject`);
      const first = await store(folder, at(1, 'Message-ID: <t1@x>'));
      const alone = await store(folder, at(2, 'Message-ID: <t2@x>'));
      const dates = async () => {
        const { items, token } = await session.list(folder, { ...options, conversations: true });
        return { token, dates: new Map(items.map(({ id, date }) => [id, date])) };
      };
      const { token, dates: before } = await dates();
      const reply = await store(folder, at(3, 'Message-ID: <t3@x>\r\nReferences: <t1@x>\r\nIn-Reply-To: <t1@x>'));
      const changes = await session.changes(folder, token, { ...options, conversations: true });
      expect(changes.kind).to.equal('snapshot');
      const { dates: after } = await dates();
      expect(after.get(first)).to.equal(after.get(reply));
      expect(after.get(first)).to.be.greaterThanOrEqual(after.get(alone) ?? Infinity);
      expect(after.get(alone)).to.equal(before.get(alone));
    });

    it('are listed with flags that change, each change another version', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Email');
      const id = await store(folder, plain('Flags'));
      const { items, token } = await session.list(folder, options);
      expect(items.map((one) => [one.id, one.flags])).to.deep.equal([[id, { read: false }]]);
      const { version } = await session.patch(
        folder,
        id,
        { read: true, followUp: { status: 'active' }, answered: true },
        { ...options, ifVersion: items[0]?.version ?? '' },
      );
      const changes = await session.changes(folder, token, options);
      const changed = changes.kind === 'delta' ? changes.changed : changes.kind === 'snapshot' ? changes.items : [];
      expect(changed.map((one) => [one.id, one.version])).to.deep.equal([[id, version]]);
      expect(changed[0]?.flags).to.deep.equal({ read: true, followUp: { status: 'active' }, answered: true });
      await session.patch(folder, id, { read: false, followUp: null }, options);
      const message = await scene().read(folder, id);
      expect(message).to.include({ read: false, answered: true });
      expect(message).to.not.have.property('followUp');
      const failure = await failureOf(session.patch(folder, id, { read: true }, { ...options, ifVersion: version }));
      expect(failure).to.include({ code: 'CONFLICT' });
    });

    it('tell nothing when nothing has changed', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Email');
      await store(folder, plain('Quiet'));
      const { token } = await session.list(folder, options);
      expect(await session.changes(folder, token, options)).to.include({ kind: 'none' });
    });

    it('are listed since a time', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Email');
      const id = await store(folder, plain('Now'));
      const listed = async (since: number): Promise<string[]> =>
        (await session.list(folder, { ...options, since })).items.map((one) => one.id);
      expect(await listed(Date.UTC(2026, 0, 1))).to.deep.equal([id]);
      expect(await listed(Date.UTC(2100, 0, 1))).to.deep.equal([]);
    });

    it('move, with a new id and the flags they had', async () => {
      const { session, options } = scene();
      const [from, to] = [await scene().folder('Email'), await scene().folder('Email')];
      const id = await store(from, plain('Move'), { read: true });
      const [result, missing] = await session.move(from, [id, '876543'], to, options);
      if (!result || result.error) throw result?.error ?? new Error('move answered nothing');
      expect(missing?.error).to.include({ code: 'NOT_FOUND' });
      const { items } = await session.list(to, options);
      expect(items.map((one) => [one.id, one.version])).to.deep.equal([[result.moved.id, result.moved.version]]);
      expect(items[0]?.flags).to.deep.equal({ read: true });
      expect((await session.list(from, options)).items).to.deep.equal([]);
    });

    it('go to the trash, or for good', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Email');
      const trash = await scene().defaultFolder<'Email'>('trash');
      const subject = scene().name();
      const id = await store(folder, plain(subject));
      const gone = await store(folder, plain('For good'));
      expect(await session.delete(folder, [id], { ...options, mode: 'trash' })).to.deep.equal([{ id }]);
      expect(await session.delete(folder, [gone], { ...options, mode: 'permanent' })).to.deep.equal([{ id: gone }]);
      expect((await session.list(folder, options)).items).to.deep.equal([]);
      const { items } = await session.list(trash, options);
      const found = await session.read(
        trash,
        items.map((one) => one.id),
        options,
      );
      const subjects = found.map((one) => (one.error ? '' : one.item.subject));
      expect(subjects).to.include(subject);
      expect(subjects).to.not.include('For good');
    });

    it('are found by the key they were created with', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Email');
      const key = crypto.randomUUID();
      const draft: Message = {
        subject: 'Entwurf für später',
        to: [{ address: 'bert@example.org' }],
        bodies: [{ format: 'text', content: 'Not yet' }],
        read: true,
        draft: true,
      };
      const { id } = await session.create(folder, draft, { ...options, key });
      expect(await scene().read(folder, id)).to.deep.include({ subject: draft.subject, to: draft.to, read: true });
      expect((await session.findCreated(folder, key, options))?.id).to.equal(id);
      expect(await session.findCreated(folder, crypto.randomUUID(), options)).to.equal(undefined);
    });

    describeSending(scene, mail);

    it('are searched', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Email');
      const subject = scene().name();
      const id = await store(folder, plain(subject));
      await store(folder, plain('Another'));
      const hits = await mail(session).search({ subject }, { ...options, offset: 0, limit: 10 });
      expect(hits).to.deep.equal({ hits: [{ folderId: folder.id, id }], total: 1 });
      const all = await mail(session).search(
        { folderIds: [folder.id], from: 'someone' },
        { ...options, offset: 1, limit: 1 },
      );
      expect(all.total).to.equal(2);
      expect(all.hits).to.have.length(1);
    });

    it('are searched by conditions, one inside of the other', async () => {
      const { options } = scene();
      const folder = await scene().folder('Email');
      const apples = await store(folder, plain('Red apples', 'sweet and round'));
      const pears = await store(folder, plain('Green pears', 'sweet and long'), { read: true });
      const richId = await store(folder, rich);
      const found = async (condition: MailCondition): Promise<string[]> => {
        const query = { folderIds: [folder.id], ...condition };
        const { hits } = await mail().search(query, { ...options, offset: 0, limit: 10 });
        return hits.map(({ id }) => id).sort();
      };
      const expectations: (readonly [MailCondition, readonly string[]])[] = [
        [{ text: 'sweet' }, [apples, pears]],
        [{ text: 'ROUND' }, [apples]],
        [{ text: 'sweet and long' }, [pears]],
        [{ text: 'Gr\u00fc\u00dfe' }, [richId]],
        [{ body: 'pears' }, []],
        [{ subject: 'app' }, [apples]],
        [{ cc: 'carl' }, [richId]],
        [{ from: 'joerg', to: 'bert' }, [richId]],
        [{ read: true }, [pears]],
        [{ read: false, text: 'sweet' }, [apples]],
        [{ any: [{ subject: 'apples' }, { cc: 'carl' }] }, [apples, richId]],
        [{ hasAttachment: true }, [richId]],
        [{ hasAttachment: false, subject: 'apples' }, [apples]],
        [{ not: { hasAttachment: true } }, [apples, pears]],
        [{ any: [{ hasAttachment: true }, { subject: 'pears' }] }, [pears, richId]],
        [{ hasAttachment: true, text: 'sweet' }, []],
        [{ any: [] }, []],
        [{ all: [{ text: 'sweet' }, { text: 'green' }] }, [pears]],
        [{ text: 'sweet', not: { subject: 'pears' } }, [apples]],
        [{ after: Date.UTC(2100, 0, 1) }, []],
        [{ before: Date.UTC(2100, 0, 1) }, [apples, pears, richId]],
      ];
      for (const [condition, ids] of expectations)
        expect(await found(condition), JSON.stringify(condition)).to.deep.equal([...ids].sort());
    });
  });
}

function describeSending(scene: () => Scene, mail: (session?: GroupwareSession) => MailStore): void {
  it('reach others when sent, hidden copies too, of which nobody learns', async () => {
    const { session, options, fixture } = scene();
    const subject = scene().name();
    const source = `From: ${session.user.primaryAddress}\r\nTo: outside@example.org\r\nBcc: ${fixture.bob.login}\r\nSubject: ${subject}\r\n\r\nHi\r\n`;
    const sent = await mail().send(streamOf(source), { ...options, saveInSent: true });
    const copies = await scene().defaultFolder<'Email'>('sent');
    expect(sent?.folderId).to.equal(copies.id);
    expect(await scene().read(copies, sent?.id ?? '')).to.include({ subject, read: true });

    const bob = await scene().login(fixture.bob);
    const { hits } = await mail(bob).search({ subject }, { ...options, offset: 0, limit: 10 });
    expect(hits).to.have.length(1);
    const inbox = await scene().defaultFolder<'Email'>('inbox', bob);
    const [received] = await bob.read(inbox, [hits[0]?.id ?? ''], options);
    expect(received?.error ? undefined : received?.item).to.include({ subject, read: false });
    const raw = await bytesOf(await mail(bob).readSource(inbox, hits[0]?.id ?? '', options));
    expect(raw.toString()).to.not.match(/^bcc:/im);
  });

  it('leave no copy when none is wanted', async () => {
    const { session, options, fixture } = scene();
    const subject = scene().name();
    const source = `From: ${session.user.primaryAddress}\r\nTo: ${fixture.bob.login}\r\nSubject: ${subject}\r\n\r\nHi\r\n`;
    expect(await mail().send(streamOf(source), { ...options, saveInSent: false })).to.equal(undefined);
    expect(await mail().search({ subject }, { ...options, offset: 0, limit: 10 })).to.include({ total: 0 });
  });

  it('are not sent to nobody', async () => {
    const { session, options } = scene();
    const source = `From: ${session.user.primaryAddress}\r\nSubject: nobody\r\n\r\nHi\r\n`;
    const failure = await failureOf(mail().send(streamOf(source), { ...options, saveInSent: true }));
    expect(failure).to.include({ code: 'INVALID' });
  });
}

function textOf(message: Message, format: 'text' | 'html'): string | undefined {
  return message.bodies?.find((one) => one.format === format)?.content.trim();
}

function sourceOf(result: { readonly item?: Message; readonly error?: unknown } | undefined): Uint8Array {
  return result?.item?.source ?? new Uint8Array();
}
