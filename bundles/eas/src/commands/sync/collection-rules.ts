import type { ItemClass, SyncFolder } from '@oxtender/bundle-api';
import { BodyType } from '../../classes';
import { Refused } from '../../protocol/refused';
import { type ProtocolVersion, isAtLeast } from '../../protocol/versions';
import type { CollectionRequest, OptionsRequest } from './request';

/** Says whether a collection breaks a rule of the protocol that its schema cannot express. */
type Rule = (request: CollectionRequest, itemClass: ItemClass) => boolean;

/** What is answered with status 4. */
const rules: readonly Rule[] = [
  // [MS-ASCMD] "GetChanges", "Commands (Sync)": the first key comes alone.
  ({ syncKey, getChanges, commands }) => syncKey === '0' && (getChanges === true || commands.length > 0),
  // [MS-ASNOTE] "Sync Command Response": notes have nothing that could be ghosted.
  ({ supported }, itemClass) => supported !== undefined && itemClass === 'Notes',
  // [MS-ASCMD] "Options (Sync)": two blocks are those of mail and of SMS.
  ({ options }, itemClass) => options.length > 1 && !(itemClass === 'Email' && areMailAndSms(options)),
  // [MS-ASCMD] "ConversationMode": of collections of mails.
  ({ conversationMode }, itemClass) => conversationMode !== undefined && itemClass !== 'Email',
  // [MS-ASAIRS] "BodyPreference": one for each type.
  ({ options }) => options.some((one) => hasRepeated(one.bodyPreferences.map(({ type }) => type))),
];

/** Classes that a request may name. [MS-ASCMD] "Class (Sync)". */
const classes: ReadonlySet<string> = new Set(['Email', 'Contacts', 'Calendar', 'Tasks', 'Notes', 'SMS']);

/** Collections that break no rule, with what that was decided by: a device repeats its request. */
const lawful = new WeakMap<CollectionRequest, { readonly itemClass: ItemClass; readonly version: ProtocolVersion }>();

/** Names of classes in a request that are none. */
function unknownClasses(request: CollectionRequest): string[] {
  const commands = request.commands.map(({ value }) => ('class' in value ? value.class : undefined));
  const named = [request.class, ...request.options.map((one) => one.class), ...commands];
  return named.filter((name) => name !== undefined).filter((name) => !classes.has(name));
}

/**
 * @returns true when the collection is to be answered with status 4
 * @throws Refused BODY_PART_PREFERENCE_TYPE_NOT_SUPPORTED from 14.1: a body part comes as HTML only; UNEXPECTED_ITEM_CLASS
 */
export function breaksRules(
  request: CollectionRequest,
  { itemClass }: Pick<SyncFolder, 'itemClass'>,
  version: ProtocolVersion,
): boolean {
  const known = lawful.get(request);
  if (known?.itemClass === itemClass && known.version === version) return false;
  const [unknown] = unknownClasses(request);
  if (unknown !== undefined) throw new Refused('UNEXPECTED_ITEM_CLASS', `no class '${unknown.slice(0, 40)}'`);
  const parts = request.options.flatMap(({ bodyPartPreferences }) => bodyPartPreferences);
  if (isAtLeast(version, '14.1') && parts.some(({ type }) => type !== BodyType.Html)) {
    throw new Refused('BODY_PART_PREFERENCE_TYPE_NOT_SUPPORTED', 'a body part comes as HTML only');
  }
  const breaks = rules.some((rule) => rule(request, itemClass));
  if (!breaks) lawful.set(request, { itemClass, version });
  return breaks;
}

function areMailAndSms(options: readonly OptionsRequest[]): boolean {
  const classes = options.map((one) => one.class ?? 'Email');
  return !hasRepeated(classes) && classes.every((name) => name === 'Email' || name === 'SMS');
}

function hasRepeated(values: readonly unknown[]): boolean {
  return new Set(values).size < values.length;
}
