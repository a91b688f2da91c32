import { isOxtenderError } from '@oxtender/bundle-api';
import { type ItemOptions, itemContext, readOptions, withLargeSources, writeItem } from '../../classes';
import type { CommandCall, CommandServices } from '../../protocol/command';
import {
  AirSync,
  AirSyncBase,
  type Bytes,
  type Element,
  ItemOperations as Page,
  LargeValue,
  MemoryBytes,
  Search,
  element,
} from '../../wbxml';
import { serverIdOfLongId } from '../../values/long-id';
import type { FetchOperation, FetchOptions } from './request';
import type { Parts } from './multipart';
import { ItemOperationsStatus as Status } from './status';

/** Fetch of an item, by its ServerId or by the LongId of a search result. */
export async function fetchItem(
  asked: FetchOperation,
  call: CommandCall,
  services: CommandServices,
  parts: Parts,
): Promise<Element> {
  const { session } = call;
  const failed = (status: number) => element(Page.Fetch, element(Page.Status, status), ...identity(asked));
  const serverId = asked.longId === undefined ? asked.serverId : await serverIdOfLongId(session, asked.longId, call);
  const place = serverId === undefined ? undefined : await session.locate(serverId);
  if (serverId === undefined || !place) return failed(Status.ItemNotFound);
  const context = itemContext(call, place.folder, fetchOptions(asked.options), services.clock.now());
  const [result] = await session.fetch([serverId], {
    ...readOptions(place.folder.itemClass, context),
    signal: call.signal,
  });
  if (!result || result.error) {
    if (result?.error && !isOxtenderError(result.error, 'NOT_FOUND', 'PERMISSION')) throw result.error;
    return failed(isOxtenderError(result?.error, 'PERMISSION') ? Status.AccessDenied : Status.ItemNotFound);
  }
  const whole = await withLargeSources([{ serverId, item: result.item }], context, call);
  const data = wanted(writeItem(result.itemClass, result.item, whole, serverId), asked.options?.schema);
  return element(
    Page.Fetch,
    element(Page.Status, Status.Success),
    ...identity(asked),
    element(AirSync.Class, result.itemClass),
    element(Page.Properties, ...(parts.accepted ? data.map((each) => withBodyAsPart(each, parts)) : data)),
  );
}

/** Of the properties those that a Schema names, all without one. [MS-ASCMD] "Schema (ItemOperations)". */
function wanted(data: readonly Element[], schema: Element | undefined): readonly Element[] {
  const tags = schema && new Set(schema.children.map(({ tag }) => tag));
  return tags ? data.filter(({ tag }) => tags.has(tag)) : data;
}

/** The answer names the item as the request did. */
function identity({ longId, collectionId, serverId }: FetchOperation): (Element | undefined)[] {
  return longId === undefined
    ? [
        collectionId === undefined ? undefined : element(AirSync.CollectionId, collectionId),
        serverId === undefined ? undefined : element(AirSync.ServerId, serverId),
      ]
    : [element(Search.LongId, longId)];
}

function fetchOptions(options: FetchOptions | undefined): ItemOptions {
  return {
    mimeSupport: options?.mimeSupport ?? 0,
    bodyPreferences: options?.bodyPreferences ?? [],
    bodyPartPreferences: options?.bodyPartPreferences ?? [],
  };
}

/** In a multipart answer the body's Data becomes the number of a part. [MS-ASAIRS] "Part". */
function withBodyAsPart(data: Element, parts: Parts): Element {
  if (data.tag !== AirSyncBase.Body) return data;
  return element(
    AirSyncBase.Body,
    data.children.map((child) =>
      child.tag === AirSyncBase.Data ? element(Page.Part, parts.add(contentOf(child))) : child,
    ),
  );
}

function contentOf({ content, text }: Element): Bytes {
  if (content instanceof LargeValue) return content.bytes;
  return new MemoryBytes(content instanceof Uint8Array ? content : Buffer.from(text, 'utf8'));
}
