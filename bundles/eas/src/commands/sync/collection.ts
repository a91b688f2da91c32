import {
  type CollectionSync,
  type FetchResult,
  type Item,
  type ItemClass,
  type ServerChange,
  type SyncFolder,
  isOxtenderError,
} from '@oxtender/bundle-api';
import { type ItemContext, itemContext, readOptions, withLargeSources, writeFlags, writeItem } from '../../classes';
import type { EasConfig } from '../../config';
import type { CommandCall } from '../../protocol/command';
import { isAtLeast } from '../../protocol/versions';
import type { AppliedMails } from '../../meetings/applied-mails';
import type { UidMapping } from '../../uids/uid-mapping';
import { AirSync, type Element, element } from '../../wbxml';
import { DraftAliases } from './draft-aliases';
import { DraftSending } from './draft-sending';
import type { Outbox } from '../send/outbox';
import { type PlannedChange, planChanges, responseTo } from './client-changes';
import { moveConversationMails } from './conversation-mails';
import { applyMeetingMails } from './meeting-mails';
import { type CollectionOptions, optionsOf, storeOptions } from './collection-options';
import { breaksRules } from './collection-rules';
import { rememberUids, restoreUids } from './event-uids';
import { isAllowedFilter, itemFilter } from './filter';
import { madeData, serverIdOf } from './made-items';
import type { CollectionRequest } from './request';
import { SyncStatus } from './status';

/** What a Sync brought for one collection. */
export interface CollectionOutcome {
  readonly request: CollectionRequest;
  readonly itemClass: ItemClass;
  readonly status: number;
  readonly syncKey: string;
  readonly moreAvailable: boolean;
  readonly commands: readonly Element[];
  readonly responses: readonly Element[];
}

/** Nothing to tell the device, not even a key. */
export function isSilent(outcome: CollectionOutcome): boolean {
  const { request, status, syncKey, moreAvailable, commands, responses } = outcome;
  const sameKey = syncKey === request.syncKey;
  return status === SyncStatus.Success && sameKey && !moreAvailable && commands.length + responses.length === 0;
}

/** What one collection's part of a Sync is given. */
export interface CollectionTask {
  readonly request: CollectionRequest;
  readonly folder: SyncFolder;
  readonly windowSize: number;
  readonly now: number;
  readonly config: EasConfig;
  readonly outbox: Outbox;
  readonly uids: UidMapping;
  readonly appliedMails: AppliedMails;
}

/** Default of WindowSize. [MS-ASCMD] "WindowSize". */
export const defaultWindowSize = 100;

/** Carries out one collection of a Sync: the device's changes first, then those of the server. */
export async function syncCollection(task: CollectionTask, call: CommandCall): Promise<CollectionOutcome> {
  const { request, folder } = task;
  const failed = (status: number) => outcome(task, { status });
  if (breaksRules(request, folder, call.version)) return failed(SyncStatus.ProtocolError);
  const options = optionsOf(call.session, request, folder.itemClass);
  if (!isAllowedFilter(folder.itemClass, options.filterType)) return failed(SyncStatus.ProtocolError);
  await storeOptions(call.session, request.collectionId, options);
  const context = itemContext(call, folder, options, task.now);
  try {
    return await exchange(task, options, context, call);
  } catch (error) {
    if (isOxtenderError(error, 'INVALID_SYNC_KEY')) {
      call.log.info('sync key is not valid, the device starts again', { collection: request.collectionId });
      return failed(SyncStatus.InvalidSyncKey);
    }
    if (isOxtenderError(error, 'COLLECTION_BUSY')) return failed(SyncStatus.Retry);
    if (isOxtenderError(error, 'UNKNOWN_COLLECTION', 'HIERARCHY_CHANGED', 'NOT_FOUND', 'PERMISSION')) {
      call.log.info('collection is gone, the device must sync its folders', {
        collection: request.collectionId,
        error,
      });
      return failed(SyncStatus.HierarchyChanged);
    }
    throw error;
  }
}

async function exchange(
  task: CollectionTask,
  options: CollectionOptions,
  context: ItemContext,
  call: CommandCall,
): Promise<CollectionOutcome> {
  const { request, folder } = task;
  const drafts = new DraftSending(task.outbox, call);
  const planned = await plan(task, drafts, context, call);
  const changes = planned.flatMap(({ change }) => change ?? []);
  const mailLimit = task.config['com.openexchange.usm.eas.mail.time_limit'];
  const result = await call.session.sync({
    collectionId: request.collectionId,
    syncKey: request.syncKey,
    changes,
    getChanges: request.getChanges ?? true,
    windowSize: task.windowSize,
    filter: itemFilter(folder.itemClass, options, task.now, mailLimit),
    read: readOptions(folder.itemClass, context),
    conflict: options.conflict === 0 ? 'client-wins' : 'server-wins',
    notify: folder.itemClass === 'Calendar' && isAtLeast(call.version, '16.0'),
    budget: context.quirks.syncBudget,
    signal: call.signal,
  });
  if (result.changes.length > 0) await followUp(task, { planned, result }, call);
  return outcome(task, {
    status: SyncStatus.Success,
    syncKey: result.syncKey,
    moreAvailable: result.moreAvailable,
    commands: await commandElements(result, context, call),
    responses:
      request.commands.length === 0 ? [] : await respondTo(request, { planned, result, drafts }, context, call),
  });
}

/** What the device's commands mean for the engine; drafts that it changed and sends are on their way. */
async function plan(
  { request, folder, uids }: CollectionTask,
  drafts: DraftSending,
  context: ItemContext,
  call: CommandCall,
): Promise<PlannedChange[]> {
  if (request.commands.length === 0) return [];
  const planned = await restoreUids(planChanges(request, folder.itemClass, context), uids, call);
  const isOfDrafts = folder.role === 'drafts';
  return drafts.before(isOfDrafts ? new DraftAliases(call.session).apply(planned, request.syncKey) : planned);
}

/** What new items bring about before the device hears of them. */
async function followUp(
  { request, config, folder, uids, appliedMails }: CollectionTask,
  { planned, result }: { planned: readonly PlannedChange[]; result: CollectionSync },
  call: CommandCall,
): Promise<void> {
  if (folder.role === 'drafts') await new DraftAliases(call.session).note(planned, result, request.syncKey);
  await rememberUids(result, uids, call);
  if (config['com.openexchange.usm.eas.meetings.process_mails'])
    await applyMeetingMails(result, folder, appliedMails, call);
  await moveConversationMails(result, folder, call);
}

/** Answers to the device's commands. */
async function respondTo(
  request: CollectionRequest,
  { planned, result, drafts }: { planned: readonly PlannedChange[]; result: CollectionSync; drafts: DraftSending },
  context: ItemContext,
  call: CommandCall,
): Promise<Element[]> {
  const fetched = await fetchItems(request, context, call);
  let next = 0;
  const carriedOut = planned.map((plan) => ({ planned: plan, result: plan.change && result.results[next++] }));
  const made = await madeData(carriedOut, context, call);
  const ended = await drafts.after(carriedOut);
  const responses = ended.map((one) => responseTo(one.planned, one.result, made.get(serverIdOf(one))));
  return [...responses.filter((response) => response !== undefined), ...fetched];
}

function outcome(task: CollectionTask, rest: Partial<CollectionOutcome> & { status: number }): CollectionOutcome {
  const { request, folder } = task;
  const nothing = { syncKey: request.syncKey, moreAvailable: false, commands: [], responses: [] };
  return { request, itemClass: folder.itemClass, ...nothing, ...rest };
}

async function commandElements(
  { changes, itemClass }: CollectionSync,
  context: ItemContext,
  call: CommandCall,
): Promise<Element[]> {
  if (changes.length === 0) return [];
  const items = changes.flatMap((change) => ('item' in change ? [change] : []));
  const whole = await withLargeSources(items, context, call);
  return changes.map((change) => commandElement(change, itemClass, whole));
}

function commandElement(change: ServerChange, itemClass: ItemClass, context: ItemContext): Element {
  const serverId = element(AirSync.ServerId, change.serverId);
  switch (change.kind) {
    case 'add':
      return element(AirSync.Add, serverId, applicationData(change, itemClass, context));
    case 'change':
      return element(AirSync.Change, serverId, applicationData(change, itemClass, context));
    case 'flags':
      return element(AirSync.Change, serverId, element(AirSync.ApplicationData, writeFlags(change.flags, context)));
    case 'delete':
      return element(AirSync.Delete, serverId);
    case 'softDelete':
      return element(AirSync.SoftDelete, serverId);
  }
}

function applicationData(
  { item, serverId }: { item: Item; serverId: string },
  itemClass: ItemClass,
  context: ItemContext,
): Element {
  return element(AirSync.ApplicationData, writeItem(itemClass, item, context, serverId));
}

/** [MS-ASCMD] "Fetch (Sync)": items that the device wants again, or whole. */
async function fetchItems(request: CollectionRequest, context: ItemContext, call: CommandCall): Promise<Element[]> {
  const ids = request.commands.flatMap((command) => (command.kind === 'fetch' ? [command.value.serverId] : []));
  if (ids.length === 0) return [];
  const whole: ItemContext = { ...context, truncate: false };
  const results = await call.session.fetch(ids, { ...readOptions(context.itemClass, whole), signal: call.signal });
  const found = results.flatMap((result) => (result.error ? [] : [result]));
  const complete = await withLargeSources(found, whole, call);
  return results.map((result) => fetchElement(result, complete));
}

function fetchElement(result: FetchResult, context: ItemContext): Element {
  return element(
    AirSync.Fetch,
    element(AirSync.ServerId, result.serverId),
    element(AirSync.Status, result.error ? SyncStatus.NotFound : SyncStatus.Success),
    result.error ? undefined : applicationData(result, result.itemClass, context),
  );
}
