import type { Instant, OutOfOffice } from '@oxtender/bundle-api';
import type { CommandCall } from '../../protocol/command';
import {
  type Infer,
  choice,
  container,
  dateTime,
  flag,
  many,
  object,
  oneOf,
  optional,
  text,
} from '../../protocol/schema';
import { type Element, Settings, type Tag, element } from '../../wbxml';
import { formatDateTime } from '../../values/date-time';
import { htmlToText, textToHtml } from '../../values/html';
import { SettingsStatus } from './status';

/** [MS-ASCMD] "OofState". */
const states = ['off', 'on', 'scheduled'] as const satisfies readonly OutOfOffice['state'][];

const audienceTags = [Settings.AppliesToInternal, Settings.AppliesToExternalKnown, Settings.AppliesToExternalUnknown];

const bodyType = text(Settings.BodyType);

const set = object({
  state: optional(oneOf(Settings.OofState, [0, 1, 2])),
  start: optional(dateTime(Settings.StartTime)),
  end: optional(dateTime(Settings.EndTime)),
  messages: many(
    Settings.OofMessage,
    object({
      internal: optional(flag(Settings.AppliesToInternal), false),
      externalKnown: optional(flag(Settings.AppliesToExternalKnown), false),
      externalUnknown: optional(flag(Settings.AppliesToExternalUnknown), false),
      enabled: optional(flag(Settings.Enabled), false),
      replyMessage: optional(text(Settings.ReplyMessage)),
      bodyType: optional(bodyType),
    }),
  ),
});

/** [MS-ASCMD] "Oof", request schema: Get or Set. */
export const oofRequest = container(
  Settings.Oof,
  choice({ get: container(Settings.Get, object({ bodyType })), set: container(Settings.Set, set) }),
);

type OofSet = Infer<typeof set>;

const bodyTypes: ReadonlySet<string> = new Set(['TEXT', 'HTML']);

/** The groupware keeps one text for everybody: all audiences that get it are answered with it. */
export async function getOof(asked: { bodyType: string }, call: CommandCall): Promise<Element> {
  const settings = call.session.groupware.outOfOffice;
  if (!settings) return property(SettingsStatus.AccessDenied);
  if (!bodyTypes.has(asked.bodyType.toUpperCase())) return property(SettingsStatus.InvalidArguments);
  const value = await settings.get({ signal: call.signal });
  const scheduled = value.start !== undefined && value.end !== undefined;
  const isHtml = asked.bodyType.toUpperCase() === 'HTML';
  const messages = audienceTags.map((audience) => oofMessage(audience, value, isHtml));
  const get = element(
    Settings.Get,
    element(Settings.OofState, states.indexOf(value.state)),
    scheduled ? element(Settings.StartTime, formatDateTime(value.start)) : undefined,
    scheduled ? element(Settings.EndTime, formatDateTime(value.end)) : undefined,
    ...messages,
  );
  return property(SettingsStatus.Success, get);
}

function oofMessage(audience: Tag, value: OutOfOffice, isHtml: boolean): Element {
  const isOutside = audience !== Settings.AppliesToInternal;
  const isTold = value.message !== '' && !(isOutside && value.audience === 'internal');
  const enabled = value.state !== 'off' && isTold;
  return element(
    Settings.OofMessage,
    element(audience),
    element(Settings.Enabled, enabled ? '1' : '0'),
    isTold ? element(Settings.ReplyMessage, isHtml ? textToHtml(value.message) : value.message) : undefined,
    element(Settings.BodyType, isHtml ? 'HTML' : 'Text'),
  );
}

/** Times only count when the state is `scheduled`, and only together. [MS-ASCMD] "StartTime (Settings)". */
export async function setOof(asked: OofSet, call: CommandCall): Promise<Element> {
  const settings = call.session.groupware.outOfOffice;
  if (!settings) return property(SettingsStatus.AccessDenied);
  if ((asked.start === undefined) !== (asked.end === undefined)) return property(SettingsStatus.ProtocolError);
  if (asked.messages.some(lacksBodyType) || namesAudienceTwice(asked)) return property(SettingsStatus.ProtocolError);
  if (asked.messages.some(hasUnknownBodyType)) return property(SettingsStatus.InvalidArguments);
  const texts = externalTexts(asked);
  if (new Set(texts).size > 1) return property(SettingsStatus.ConflictingArguments);
  const current = await settings.get({ signal: call.signal });
  const internal = asked.messages.find((message) => message.internal && message.replyMessage !== undefined);
  const message = (internal && plainText(internal)) ?? texts[0] ?? current.message;
  const state = asked.state === undefined ? current.state : states[asked.state];
  const times = state === 'scheduled' ? (timesIn(asked) ?? timesIn(current)) : undefined;
  if (times && times.end <= times.start) return property(SettingsStatus.ConflictingArguments);
  const subject = current.subject === undefined ? {} : { subject: current.subject };
  const isForInside = forInside(asked) ?? current.audience === 'internal';
  const audience = isForInside ? { audience: 'internal' as const } : {};
  await settings.set({ state, message, ...subject, ...times, ...audience }, { signal: call.signal });
  return property(SettingsStatus.Success);
}

/** Undefined: none; those that are there hold on. */
function timesIn({
  start,
  end,
}: {
  start?: Instant | undefined;
  end?: Instant | undefined;
}): { start: Instant; end: Instant } | undefined {
  return start === undefined || end === undefined ? undefined : { start, end };
}

/** True when nobody outside is to be answered; undefined when nothing is said of them. */
function forInside({ messages }: OofSet): boolean | undefined {
  const outside = messages.filter((message) => message.externalKnown || message.externalUnknown);
  return outside.length === 0 ? undefined : outside.every(({ enabled }) => !enabled);
}

/** The groupware keeps plain text. */
function plainText({ replyMessage = '', bodyType: form = '' }: OofSet['messages'][number]): string {
  return form.toUpperCase() === 'HTML' ? htmlToText(replyMessage) : replyMessage;
}

/** One message for each audience. [MS-ASCMD] "OofMessage". */
function namesAudienceTwice({ messages }: OofSet): boolean {
  const audiences = ['internal', 'externalKnown', 'externalUnknown'] as const;
  return audiences.some((audience) => messages.filter((message) => message[audience]).length > 1);
}

/** ReplyMessage needs a BodyType. [MS-ASCMD] "ReplyMessage". */
function lacksBodyType(message: OofSet['messages'][number]): boolean {
  return message.replyMessage !== undefined && !message.bodyType;
}

/** [MS-ASCMD] "BodyType". */
function hasUnknownBodyType({ bodyType: type }: OofSet['messages'][number]): boolean {
  return type !== undefined && type !== '' && !bodyTypes.has(type.toUpperCase());
}

function externalTexts({ messages }: OofSet): string[] {
  const external = messages.filter((message) => message.externalKnown || message.externalUnknown);
  return external.flatMap((message) => (message.enabled && message.replyMessage ? [plainText(message)] : []));
}

function property(status: number, get?: Element): Element {
  return element(Settings.Oof, element(Settings.Status, status), get);
}
