import { type Command, type CommandCall, type CommandServices, describeCommand } from '../../protocol/command';
import { MalformedRequest } from '../../protocol/malformed-request';
import { MailBody } from '../../protocol/request-body';
import { isAtLeast } from '../../protocol/versions';
import { ComposeMail } from '../../wbxml';
import { forwardMeeting } from './forward-meeting';
import { Outbox } from './outbox';
import { type SmartForwardDocument, smartForwardRequest } from './request';
import { sendSmartMail } from './smart-mail';

/** [MS-ASCMD] "SmartForward". */
export class SmartForward implements Command<typeof smartForwardRequest> {
  static readonly descriptor = describeCommand({
    name: 'SmartForward',
    root: ComposeMail.SmartForward,
    request: smartForwardRequest,
  });

  readonly #outbox: Outbox;

  constructor(private readonly services: CommandServices) {
    this.#outbox = new Outbox(services);
  }

  async execute(asked: SmartForwardDocument | MailBody, call: CommandCall): Promise<undefined> {
    const parts = { call, outbox: this.#outbox, now: this.services.clock.now() };
    if (asked instanceof MailBody) await sendSmartMail('forwarded', asked, parts);
    else if (asked.forwardees && isAtLeast(call.version, '16.0'))
      await forwardMeeting({ ...asked, forwardees: asked.forwardees }, parts);
    else if (asked.mime) await sendSmartMail('forwarded', { ...asked, mime: asked.mime }, parts);
    else throw new MalformedRequest('MISSING_ELEMENT', 'SmartForward/Mime', 'missing');
    return undefined;
  }
}
