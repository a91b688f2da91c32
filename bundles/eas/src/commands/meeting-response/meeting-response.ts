import { GroupwareError } from '@oxtender/bundle-api';
import { type Command, type CommandCall, type CommandServices, describeCommand } from '../../protocol/command';
import { type Element, MeetingResponse as Page, element } from '../../wbxml';
import { Outbox } from '../send/outbox';
import { answerMeeting } from './answer-meeting';
import { type MeetingAnswer, meetingResponseRequest } from './request';
import { MeetingRefused, MeetingResponseStatus, statusOf } from './status';

/**
 * [MS-ASCMD] "MeetingResponse". Up to 14.1 the device mails the organizer itself; from 16.0 the server does, when the
 * device asks for it by SendResponse.
 */
export class MeetingResponse implements Command<typeof meetingResponseRequest> {
  static readonly descriptor = describeCommand({
    name: 'MeetingResponse',
    root: Page.MeetingResponse,
    request: meetingResponseRequest,
    status: { serverError: MeetingResponseStatus.ServerError },
  });

  readonly #outbox: Outbox;

  constructor(private readonly services: CommandServices) {
    this.#outbox = new Outbox(services);
  }

  async execute(requests: readonly MeetingAnswer[], call: CommandCall): Promise<Element> {
    const results: Element[] = [];
    // One after the other: two answers may be about one series.
    for (const asked of requests) results.push(await this.#answer(asked, call));
    return element(Page.MeetingResponse, results);
  }

  async #answer(asked: MeetingAnswer, call: CommandCall): Promise<Element> {
    const { invitations } = call.session.groupware;
    if (!invitations) throw new GroupwareError('UNSUPPORTED', 'the groupware has no calendar for this user');
    try {
      const parts = { call, invitations, outbox: this.#outbox, services: this.services };
      return result(asked, MeetingResponseStatus.Success, await answerMeeting(asked, parts));
    } catch (error) {
      if (!(error instanceof MeetingRefused)) throw error;
      call.log.info('meeting not answered', { reason: error.message, code: error.code });
      return result(asked, statusOf(error));
    }
  }
}

function result({ requestId }: MeetingAnswer, status: number, calendarId?: string): Element {
  return element(
    Page.Result,
    requestId === undefined ? undefined : element(Page.RequestId, requestId),
    element(Page.Status, status),
    calendarId === undefined ? undefined : element(Page.CalendarId, calendarId),
  );
}
