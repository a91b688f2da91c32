import { expect } from 'chai';
import { operations } from '../faults/operations';
import { Subject, appointment, options, text } from '../faults/subject';
import { alice, bob, failureOf, sandboxed, streamOf } from '../support/session';
import { traffic } from '../support/sandbox';
import { callSet } from './call-set';

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const picture = { contentType: 'image/png', data: png };

/** What no single operation of the faults' list is for. */
const others: Readonly<Record<string, (subject: Subject) => Promise<unknown>>> = {
  'a contact with a picture, which changes': async (subject) => {
    const id = await subject.make(subject.contacts, { displayName: text(), picture });
    await subject.session.patch(subject.contacts, id, { picture: { ...picture } }, options);
    expect((await subject.read(subject.contacts, id)).picture?.contentType).to.equal('image/png');
  },
  'an answer to an invitation': async (subject) => {
    const attendees = [{ address: bob.login, role: 'required', status: 'none' }] as const;
    const id = await subject.make(subject.calendar, { ...appointment, attendees });
    await subject.session.invitations?.respond(
      subject.calendar,
      id,
      { status: 'tentative' },
      { ...options, notify: false },
    );
  },
  'the file of a mail': async (subject) => {
    const mail = [
      ...[`To: ${alice.login}`, 'Subject: file', 'MIME-Version: 1.0'],
      ...['Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain', '', 'x', '--b'],
      ...['Content-Type: application/zip', 'Content-Disposition: attachment; filename=a.zip', '', 'y', '--b--', ''],
    ];
    const stored = await subject.session.mail?.createFromSource(subject.inbox, streamOf(mail.join('\r\n')), options);
    const { attachments = [] } = await subject.read(subject.inbox, stored?.id ?? '');
    await subject.session.readAttachment(subject.inbox, stored?.id ?? '', attachments[0]?.id ?? '', options);
  },
  'an appointment by its UID': async ({ session }) => session.invitations?.findByUid('nobody', options),
  'a folder that is gone': async ({ session }) => {
    const error = await failureOf(session.list({ id: '999999', itemClass: 'Contacts' }, options));
    expect(error).to.include({ code: 'NOT_FOUND' });
  },
  'a mailbox that is full': async ({ session, inbox }) => {
    const large = streamOf(`Subject: large\r\n\r\n${'x'.repeat(3_000_000)}`);
    expect(await failureOf(session.mail?.createFromSource(inbox, large, options) ?? Promise.resolve())).to.include({
      code: 'QUOTA',
    });
  },
};

describe('the calls that the bridge was asked to need', () => {
  it('are all made, each by what it is for', async function () {
    this.timeout(60_000);
    if (!traffic) return this.skip();
    await using own = await sandboxed('7.10', {}, { mailQuota: 2_000_000 });
    {
      using session = await own.login();
      const subject = await Subject.of(session);
      for (const operation of Object.values(operations))
        await operation.run(subject, (await operation.prepare?.(subject)) ?? '');
      for (const other of Object.values(others)) await other(subject);
    }
    await own.bridge[Symbol.asyncDispose]();
    expect(traffic.unseen(callSet)).to.deep.equal([]);
  });
});
