import { expect } from 'chai';
import { SendMail } from '../../src/commands/send/send-mail';
import { Refused } from '../../src/protocol/refused';
import { ComposeMail, element } from '../../src/wbxml';
import { ScriptedSession, execute, services } from './scripted-call';

const request = element(
  ComposeMail.SendMail,
  element(ComposeMail.ClientId, 'n1'),
  element(ComposeMail.Mime, Buffer.from('Subject: x\nTo: bob@example.com\n\nx')),
);

/** [MS-ASCMD] "Common Status Codes": 123. */
describe('SendMail of a user without a mailbox', () => {
  it('is refused each time, and leaves no note of a mail that may be out', async () => {
    const scripted = new ScriptedSession();
    const command = new SendMail(services());
    for (let attempt = 1; attempt <= 2; attempt++) {
      const refused = await execute(SendMail, request, scripted, { command }).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(Refused).with.property('code', 'USER_HAS_NO_MAILBOX');
    }
    expect([...scripted.fields]).to.deep.equal([]);
  });
});
