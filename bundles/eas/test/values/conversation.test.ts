import { expect } from 'chai';
import { conversationId, conversationIndex, threadTopic } from '../../src/values/conversation';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('conversations', () => {
  it('have one id for a mail and its replies', () => {
    const first = { messageId: '<1@example.com>', subject: 'Plan' };
    const reply = { messageId: '<2@example.com>', inReplyTo: '<1@example.com>', references: ['<1@example.com>'] };
    const second = { messageId: '<3@example.com>', references: ['<1@example.com>', '<2@example.com>'] };
    const ids = [first, reply, second].map((mail) => hex(conversationId(mail)));
    expect(new Set(ids).size).to.equal(1);
    expect(ids[0]).to.have.length(32);
    expect(hex(conversationId({ messageId: '<4@example.com>' }))).to.not.equal(ids[0]);
  });

  it('take id and index from Thread-Index when nothing else is known', () => {
    const header = Buffer.concat([
      Buffer.of(1),
      Buffer.from('0102030405', 'hex'),
      Buffer.alloc(16, 7),
      Buffer.alloc(5, 9),
    ]);
    const mail = { threadIndex: header.toString('base64') };
    expect(hex(conversationId(mail))).to.equal('07'.repeat(16));
    expect(hex(conversationIndex(mail))).to.equal(`0102030405${'09'.repeat(5)}`);
  });

  it('have the time of the mail as index', () => {
    // FILETIME of 2000-01-01T00:00:00Z is 01BF53EB256D4000.
    expect(hex(conversationIndex({ sentAt: Date.UTC(2000, 0, 1) }))).to.equal('bf53eb256d');
  });

  const topics: readonly (readonly [string, string])[] = [
    ['Re: Plan', 'Plan'],
    ['AW: Re: [2] Plan', '[2] Plan'],
    ['FW: Re: Plan', 'Plan'],
    ['Re[2]: Plan', 'Plan'],
    ['Notes: Plan', 'Notes: Plan'],
    ['12: Plan', '12: Plan'],
  ];
  for (const [subject, topic] of topics) {
    it(`'${subject}' is about '${topic}'`, () => expect(threadTopic(subject)).to.equal(topic));
  }
});
