import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import type { Appointment } from '../../model/appointment';
import type { StoredContent } from '../../model/stored-content';
import type { AttachmentInfo } from '../../model/values';
import { bytesOf, type Scene } from './fixture';

const hour = 3_600_000;
const start = Date.UTC(2027, 6, 5, 8);

/** Meetings, address lists, absence, files, and what is told of changes. */
export function describePeople(scene: () => Scene): void {
  describe('people', () => {
    const meeting = (): Appointment => ({
      title: scene().name(),
      start,
      end: start + hour,
      allDay: false,
      timeZone: 'Europe/Berlin',
      attendees: [
        { address: scene().fixture.bob.login, role: 'required', status: 'none' },
        { name: 'Out Side', address: 'outside@example.org', role: 'required', status: 'none' },
      ],
    });

    /** A meeting, and where Bob has it. */
    const invited = async () => {
      const folder = await scene().defaultFolder<'Calendar'>('calendar');
      const item = { ...meeting(), uid: crypto.randomUUID() };
      const { id } = await scene().create(folder, item);
      const bob = await scene().login(scene().fixture.bob);
      const found = await bob.invitations?.findByUid(item.uid, scene().options);
      if (!found) throw new Error('the meeting is not in the calendar of who was invited');
      return { folder, id, item, bob, found };
    };

    it('are invited to meetings, inside and outside', async () => {
      const { session, fixture } = scene();
      const folder = await scene().defaultFolder<'Calendar'>('calendar');
      const { id } = await scene().create(folder, meeting());
      const item = await scene().read(folder, id);
      expect(item.attendees?.map(({ address }) => address)).to.have.members([fixture.bob.login, 'outside@example.org']);
      expect(item.ownedByUser).to.equal(true);
      expect(item.organizer?.address).to.equal(session.user.primaryAddress);
    });

    it('answer, and everybody sees the answer', async () => {
      const { options, fixture } = scene();
      if (fixture.limits?.meetingsApart === true) return;
      const { folder, id, bob, found } = await invited();
      await bob.invitations?.respond(
        found.folder,
        found.id,
        { status: 'accepted', comment: 'Fine' },
        { ...options, notify: false },
      );
      const [own] = await bob.read(found.folder as typeof folder, [found.id], options);
      expect(own?.error ? undefined : own?.item).to.include({ ownStatus: 'accepted', ownedByUser: false });
      const seen = (await scene().read(folder, id)).attendees?.find(({ address }) => address === fixture.bob.login);
      expect(seen).to.include({ status: 'accepted' });
    });

    it('propose another time, and take it back', async () => {
      const { options, fixture } = scene();
      if (fixture.limits?.meetingsApart === true) return;
      const { folder, id, item, bob, found } = await invited();
      const answer = (status: 'tentative' | 'accepted', more: object) =>
        bob.invitations?.respond(found.folder, found.id, { status, ...more }, { ...options, notify: false });
      const seen = async () =>
        (await scene().read(folder, id)).attendees?.find(({ address }) => address === fixture.bob.login);
      const proposal = { start: item.start + hour, end: item.end + hour };
      await answer('tentative', { proposal });
      const proposed = { proposedStart: proposal.start, proposedEnd: proposal.end };
      expect(await seen()).to.include({ status: 'tentative', ...proposed });
      await answer('accepted', {});
      expect(await seen())
        .to.include({ status: 'accepted' })
        .and.not.have.any.keys('proposedStart', 'proposedEnd');
    });

    it('are busy when they have appointments', async () => {
      const { session, options, fixture } = scene();
      const folder = await scene().defaultFolder<'Calendar'>('calendar');
      const begin = Date.UTC(2031, 0, 6, 8);
      await scene().create(folder, {
        ...meeting(),
        start: begin,
        end: begin + hour,
        attendees: [],
      });
      const range = { start: begin - hour, end: begin + 3 * hour };
      const answer = await session.freeBusy?.query([fixture.alice.login, 'outside@example.org'], range, options);
      expect(answer?.[0]).to.deep.include({ start: begin, end: begin + hour, status: 'busy' });
      expect(answer?.[1]).to.equal(undefined);
    });

    it('are found in the directory', async () => {
      const { session, options, fixture } = scene();
      const found = await session.directory?.search(fixture.bob.login.slice(0, 3), {
        ...options,
        offset: 0,
        limit: 50,
      });
      expect(found?.entries.map(({ address }) => address)).to.include(fixture.bob.login);
      expect(found?.total).to.equal(found?.entries.length);
    });

    it('are out of office, now or for some days', async () => {
      const { session, options } = scene();
      const settings = session.outOfOffice;
      if (!settings) return;
      await settings.set({ state: 'on', subject: 'Away', message: 'Back soon' }, options);
      expect(await settings.get(options)).to.deep.equal({ state: 'on', subject: 'Away', message: 'Back soon' });
      await settings.set({ state: 'on', message: 'Back soon', audience: 'internal' }, options);
      expect(await settings.get(options)).to.include({ state: 'on', audience: 'internal' });
      await settings.set({ state: 'off', message: 'Back soon' }, options);
      expect(await settings.get(options)).to.include({ state: 'off' });
    });

    it('hang files on appointments', async () => {
      const { session, options } = scene();
      const folder = await scene().folder('Calendar');
      const { id } = await scene().create(folder, { ...meeting(), attendees: [] });
      const file = { fileName: 'Übersicht.txt', contentType: 'text/plain', content: Buffer.from('Grüße') };
      const info = await session.addAttachment(folder, id, file, options);
      const [listed] = (await scene().read(folder, id)).attachments ?? [];
      expect(listed).to.include({ id: info.id, fileName: file.fileName, size: file.content.length });
      const { content } = await session.readAttachment(folder, id, info.id, options);
      expect((await bytesOf(content)).toString()).to.equal('Grüße');
      if (scene().fixture.limits?.filesStay === true) return;
      await session.removeAttachment(folder, id, info.id, options);
      expect(await scene().read(folder, id)).to.not.have.property('attachments');
    });

    it('hang files on appointments with all that they write', async () => {
      const { session } = scene();
      const folder = await scene().folder('Calendar');
      const file = (fileName: string, text: string) => {
        const content = Buffer.from(text);
        return { id: '', fileName, contentType: 'text/plain', size: content.length, content };
      };
      const first = file('first.txt', 'one');
      const { id } = await scene().create(folder, { ...meeting(), attendees: [], attachments: [first] });
      const made = (await scene().read(folder, id)).attachments ?? [];
      expect(made.map(({ fileName, size }) => ({ fileName, size }))).to.deep.equal([
        { fileName: 'first.txt', size: 3 },
      ]);
      const title = scene().name();
      const patch = { title, attachments: [...made, keptOutside(file('second.txt', 'three'))] };
      await session.patch(folder, id, patch, scene().options);
      const item = await scene().read(folder, id);
      expect(item.title).to.equal(title);
      expect(item.attachments?.map(({ fileName }) => fileName)).to.have.members(['first.txt', 'second.txt']);
      if (scene().fixture.limits?.filesStay === true) return;
      await session.patch(folder, id, { attachments: item.attachments?.slice(1) ?? null }, scene().options);
      expect((await scene().read(folder, id)).attachments).to.have.length(1);
    });

    it('are told of what others of their sessions change', async () => {
      const { session, fixture } = scene();
      const other = await scene().login(fixture.alice);
      const folder = await scene().folder('Contacts');
      const heard = new Promise<true>((resolve) => {
        const watch = session.watch(({ folderId }) => {
          if (folderId !== undefined && folderId !== folder.id) return;
          watch[Symbol.dispose]();
          resolve(true);
        });
      });
      // A watch that asks from time to time learns the present state first: something changes until it is heard.
      const change = async (): Promise<false> => {
        await other.create(folder, { displayName: scene().name() }, { ...scene().options, key: crypto.randomUUID() });
        return false;
      };
      while (!(await Promise.race([heard, change()])));
    });
  });
}

/** The same file, its bytes given as those that are too many for memory. */
function keptOutside(file: AttachmentInfo & { readonly content: Uint8Array }): AttachmentInfo {
  const { content } = file;
  const stored: StoredContent = {
    length: content.length,
    digest: createHash('sha256').update(content).digest('base64url'),
    stream: () => Readable.from([content]),
    read: () => content,
  };
  return { ...file, content: stored };
}
