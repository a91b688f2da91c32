import { isOxtenderError } from '@oxtender/bundle-api';
import { type Command, type CommandCall, type CommandServices, describeCommand } from '../protocol/command';
import { MalformedRequest } from '../protocol/malformed-request';
import { type Infer, container, flag, integer, many, object, optional, text } from '../protocol/schema';
import { isAtLeast } from '../protocol/versions';
import { AirSync, type Element, GetItemEstimate as Page, element } from '../wbxml';
import { storedOptions } from './sync/collection-options';
import { isAllowedFilter, itemFilter } from './sync/filter';

/** [MS-ASCMD] "Status (GetItemEstimate)". */
const Status = { Success: 1, InvalidCollection: 2, NotPrimed: 3, InvalidSyncKey: 4 } as const;

const filterType = optional(integer(AirSync.FilterType, { max: 8 }));

/**
 * [MS-ASCMD] "GetItemEstimate", request schema; both orders: up to 12.1 FilterType stands in Collection, later in Options.
 * The limit: "Limiting Size of Command Requests".
 */
const request = container(
  Page.Collections,
  many(
    Page.Collection,
    object({
      class: optional(text(Page.Class)),
      airSyncClass: optional(text(AirSync.Class)),
      syncKey: text(AirSync.SyncKey, { min: 1, max: 64 }),
      collectionId: text(Page.CollectionId, { min: 1, max: 64 }),
      conversationMode: optional(flag(AirSync.ConversationMode)),
      filterType,
      // two blocks are those of mail and of SMS
      options: many(
        container(AirSync.Options, object({ filterType, class: optional(text(AirSync.Class)) }, { unknown: 'skip' })),
        { max: 2 },
      ),
    }),
    { min: 1, max: 1000 },
  ),
);

type CollectionRequest = Infer<typeof request>[number];

/** [MS-ASCMD] "GetItemEstimate": how many changes the next Sync brings. The key is checked, never advanced. */
export class GetItemEstimate implements Command<typeof request> {
  static readonly descriptor = describeCommand({ name: 'GetItemEstimate', root: Page.GetItemEstimate, request });

  constructor(private readonly services: CommandServices) {}

  async execute(collections: Infer<typeof request>, call: CommandCall): Promise<Element> {
    const responses: Element[] = [];
    for (const collection of collections) responses.push(await this.#estimate(collection, call));
    return element(Page.GetItemEstimate, responses);
  }

  async #estimate(asked: CollectionRequest, call: CommandCall): Promise<Element> {
    const { collectionId, syncKey } = asked;
    const folder = (await call.session.folders(call)).find((each) => each.collectionId === collectionId);
    if (!folder) return response(Status.InvalidCollection);
    if (asked.conversationMode !== undefined && folder.itemClass !== 'Email')
      throw new MalformedRequest('UNEXPECTED_ELEMENT', 'GetItemEstimate/Collection', 'only mails have conversations');
    if (syncKey === '0') return response(Status.NotPrimed);
    const options = asked.options.find((one) => one.class !== 'SMS');
    const stored = storedOptions(call.session, collectionId);
    const filterType = options?.filterType ?? asked.filterType ?? stored.filterType;
    const conversationMode = asked.conversationMode ?? stored.conversationMode;
    if (!isAllowedFilter(folder.itemClass, filterType)) return response(Status.InvalidCollection);
    const mailLimit = this.services.config['com.openexchange.usm.eas.mail.time_limit'];
    try {
      const estimate = await call.session.estimate({
        collectionId,
        syncKey,
        filter: itemFilter(folder.itemClass, { filterType, conversationMode }, this.services.clock.now(), mailLimit),
        signal: call.signal,
      });
      const itemClass = isAtLeast(call.version, '14.0') ? undefined : element(Page.Class, folder.itemClass);
      return response(
        Status.Success,
        element(Page.Collection, itemClass, element(Page.CollectionId, collectionId), element(Page.Estimate, estimate)),
      );
    } catch (error) {
      if (isOxtenderError(error, 'INVALID_SYNC_KEY')) return response(Status.InvalidSyncKey);
      if (isOxtenderError(error, 'UNKNOWN_COLLECTION', 'NOT_FOUND')) return response(Status.InvalidCollection);
      throw error;
    }
  }
}

function response(status: number, collection?: Element): Element {
  return element(Page.Response, element(Page.Status, status), collection);
}
