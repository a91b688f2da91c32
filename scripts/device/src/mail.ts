import { AirSyncBase, ComposeMail, type Element, MeetingResponse, Search, element } from '@oxtender/eas';
import type { Answer, CommandOptions } from './connection';
import type { Device } from './device';

/** A mail as the device made it. */
export interface DeviceMail {
  /** The whole message, RFC 5322. */
  readonly mime: Uint8Array;
  /** From 14.0: by which the server knows a repeat. */
  readonly clientId?: string;
  readonly saveInSent?: boolean;
}

/** The mail or meeting that is answered or forwarded. */
export interface MailSource {
  readonly folderId?: string;
  readonly itemId?: string;
  readonly longId?: string;
  /** Start of the one occurrence that is meant. */
  readonly instanceId?: string;
  readonly replaceMime?: boolean;
}

/** An answer to a meeting request. [MS-ASCMD] "MeetingResponse". */
export interface DeviceResponse {
  /** 1 accept, 2 tentative, 3 decline. */
  readonly userResponse: 1 | 2 | 3;
  readonly collectionId?: string;
  readonly requestId?: string;
  readonly longId?: string;
  readonly instanceId?: string;
  /** From 16.0: the server mails the organizer. */
  readonly sendResponse?: { readonly text?: string; readonly proposedStart?: string; readonly proposedEnd?: string };
}

/** How a command ended: HTTP status, and Status of the document if there is one. */
export interface Outcome {
  readonly http: number;
  readonly status?: string | undefined;
}

/** SendMail in the form of the device's version. */
export async function sendMail(device: Device, mail: DeviceMail): Promise<Outcome> {
  if (device.version < 14) return outcome(await device.send('SendMail', undefined, mimeForm(mail, {})));
  const body = element(
    ComposeMail.SendMail,
    element(ComposeMail.ClientId, mail.clientId ?? newClientId()),
    mail.saveInSent ? element(ComposeMail.SaveInSentItems) : undefined,
    element(ComposeMail.Mime, mail.mime),
  );
  return outcome(await device.send('SendMail', body));
}

/** SmartReply or SmartForward in the form of the device's version. */
export async function smartMail(
  device: Device,
  command: 'SmartReply' | 'SmartForward',
  source: MailSource,
  mail: DeviceMail,
): Promise<Outcome> {
  if (device.version < 14) {
    const { folderId, itemId, longId, instanceId } = source;
    const parameters = { CollectionId: folderId, ItemId: itemId, LongId: longId, Occurrence: instanceId };
    return outcome(await device.send(command, undefined, mimeForm(mail, parameters)));
  }
  const body = element(
    ComposeMail[command],
    element(ComposeMail.ClientId, mail.clientId ?? newClientId()),
    sourceElement(source),
    mail.saveInSent ? element(ComposeMail.SaveInSentItems) : undefined,
    source.replaceMime ? element(ComposeMail.ReplaceMime) : undefined,
    element(ComposeMail.Mime, mail.mime),
  );
  return outcome(await device.send(command, body));
}

/** 16.x: forwards an item of the calendar to others. [MS-ASCMD] "Forwardees". */
export async function forwardMeeting(
  device: Device,
  source: MailSource,
  {
    forwardees,
    text,
    clientId,
  }: { forwardees: readonly { name?: string; email: string }[]; text?: string; clientId?: string },
): Promise<Outcome> {
  const body = element(
    ComposeMail.SmartForward,
    element(ComposeMail.ClientId, clientId ?? newClientId()),
    sourceElement(source),
    element(
      ComposeMail.Forwardees,
      forwardees.map(({ name, email }) =>
        element(
          ComposeMail.Forwardee,
          element(ComposeMail.Email, email),
          name === undefined ? undefined : element(ComposeMail.Name, name),
        ),
      ),
    ),
    text === undefined ? undefined : plainBody(text),
  );
  return outcome(await device.send('SmartForward', body));
}

/** What the server said to one answer. */
export interface ResponseOutcome extends Outcome {
  readonly calendarId?: string | undefined;
}

/** Answers meeting requests; results in order. */
export async function respond(device: Device, responses: readonly DeviceResponse[]): Promise<ResponseOutcome[]> {
  const body = element(MeetingResponse.MeetingResponse, responses.map(requestElement));
  const answer = await device.send('MeetingResponse', body);
  const results = answer.element?.children.filter(({ tag }) => tag === MeetingResponse.Result) ?? [];
  if (results.length === 0) return [outcome(answer)];
  return results.map((result) => ({
    http: answer.status,
    status: result.child(MeetingResponse.Status)?.text,
    calendarId: result.child(MeetingResponse.CalendarId)?.text,
  }));
}

function requestElement(response: DeviceResponse): Element {
  const { userResponse, collectionId, requestId, longId, instanceId, sendResponse } = response;
  const text = (tag: Element['tag'], value: string | undefined) =>
    value === undefined ? undefined : element(tag, value);
  return element(
    MeetingResponse.Request,
    element(MeetingResponse.UserResponse, userResponse),
    text(MeetingResponse.CollectionId, collectionId),
    text(MeetingResponse.RequestId, requestId),
    text(Search.LongId, longId),
    text(MeetingResponse.InstanceId, instanceId),
    sendResponse &&
      element(
        MeetingResponse.SendResponse,
        sendResponse.text === undefined ? undefined : plainBody(sendResponse.text),
        text(MeetingResponse.ProposedStartTime, sendResponse.proposedStart),
        text(MeetingResponse.ProposedEndTime, sendResponse.proposedEnd),
      ),
  );
}

function sourceElement({ folderId, itemId, longId, instanceId }: MailSource): Element {
  const text = (tag: Element['tag'], value: string | undefined) =>
    value === undefined ? undefined : element(tag, value);
  return element(
    ComposeMail.Source,
    text(ComposeMail.FolderId, folderId),
    text(ComposeMail.ItemId, itemId),
    text(ComposeMail.LongId, longId),
    text(ComposeMail.InstanceId, instanceId),
  );
}

function plainBody(text: string): Element {
  return element(AirSyncBase.Body, element(AirSyncBase.Type, 1), element(AirSyncBase.Data, text));
}

/** Up to 12.1 the mail is the body, and everything else stands in the query. */
function mimeForm(
  { mime, saveInSent }: DeviceMail,
  parameters: Readonly<Record<string, string | undefined>>,
): CommandOptions {
  const saving = saveInSent ? 'T' : undefined;
  const given: [string, string | undefined][] = Object.entries({ ...parameters, SaveInSent: saving });
  return {
    rawBody: mime,
    headers: { 'Content-Type': 'message/rfc822' },
    parameters: Object.fromEntries(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  };
}

function outcome({ status, element: root }: Answer): Outcome {
  const text = root?.children.find(({ tag }) => tag.name === 'Status')?.text;
  return { http: status, ...(text === undefined ? {} : { status: text }) };
}

function newClientId(): string {
  return crypto.randomUUID();
}
