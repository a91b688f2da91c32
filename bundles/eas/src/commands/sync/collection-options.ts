import type { ItemClass, SyncSession } from '@oxtender/bundle-api';
import { LRUCache } from 'lru-cache';
import { type ItemOptions, defaultItemOptions } from '../../classes';
import { type Tag, qualifiedName, tagNamed } from '../../wbxml';
import type { CollectionRequest, OptionsRequest } from './request';

/**
 * What a device wants of a collection. Kept with the device's session: it says so once, and again only when it wants
 * something else. [MS-ASCMD] "Options (Sync)", "Supported".
 */
export interface CollectionOptions extends ItemOptions {
  readonly filterType: number;
  /** 0: the device wins, 1: the server. */
  readonly conflict: 0 | 1;
  /** Conversations come as wholes. [MS-ASCMD] "ConversationMode". */
  readonly conversationMode?: boolean | undefined;
}

/** What holds when a device has said nothing. */
export const defaultOptions: CollectionOptions = { ...defaultItemOptions, filterType: 0, conflict: 1 };

const fieldOf = (collectionId: string) => `eas.options.${collectionId}`;

/** Options by how they are stored: most devices want the same. */
const parsed = new LRUCache<string, CollectionOptions>({ max: 2000 });
const serialized = new WeakMap<CollectionOptions, string>();
/** What a request that a device repeats comes to, as long as the same is stored. */
const resolved = new WeakMap<CollectionRequest, { stored: CollectionOptions; options: CollectionOptions }>();

export function storedOptions(session: SyncSession, collectionId: string): CollectionOptions {
  const text = session.fields.get(fieldOf(collectionId));
  if (text === undefined) return defaultOptions;
  let options = parsed.get(text);
  if (!options) parsed.set(text, (options = parse(text)));
  return options;
}

/** The options for this request: its own, else those of the last. The first key makes a new beginning. */
export function optionsOf(session: SyncSession, request: CollectionRequest, itemClass: ItemClass): CollectionOptions {
  const stored = storedOptions(session, request.collectionId);
  const known = resolved.get(request);
  if (known?.stored === stored) return known.options;
  const options = resolve(request, stored, itemClass);
  resolved.set(request, { stored, options });
  return options;
}

function resolve(request: CollectionRequest, stored: CollectionOptions, itemClass: ItemClass): CollectionOptions {
  const isFirst = request.syncKey === '0';
  const asked = request.options.find((options) => options.class === undefined || options.class === itemClass);
  const wanted = asked ? fromRequest(asked) : isFirst ? defaultOptions : stored;
  const { supported, conversationMode } = isFirst ? { supported: supportedOf(request) } : stored;
  return { ...wanted, supported, conversationMode: request.conversationMode ?? conversationMode };
}

/** Keeps options for the requests to come. */
export async function storeOptions(
  session: SyncSession,
  collectionId: string,
  options: CollectionOptions,
): Promise<void> {
  const text = serialize(options);
  const field = fieldOf(collectionId);
  if (text !== (session.fields.get(field) ?? serialize(defaultOptions))) await session.fields.set({ [field]: text });
}

function fromRequest(asked: OptionsRequest): CollectionOptions {
  return {
    filterType: asked.filterType ?? defaultOptions.filterType,
    conflict: asked.conflict ?? defaultOptions.conflict,
    mimeSupport: asked.mimeSupport ?? defaultOptions.mimeSupport,
    bodyPreferences: asked.bodyPreferences,
    bodyPartPreferences: asked.bodyPartPreferences,
    ...(asked.truncation === undefined ? {} : { truncation: asked.truncation }),
    ...(asked.mimeTruncation === undefined ? {} : { mimeTruncation: asked.mimeTruncation }),
  };
}

function supportedOf(request: CollectionRequest): ReadonlySet<Tag> | undefined {
  return request.supported && new Set(request.supported.children.map((child) => child.tag));
}

function serialize(options: CollectionOptions): string {
  let text = serialized.get(options);
  if (text === undefined) {
    const { supported, ...rest } = options;
    text = JSON.stringify({ ...rest, ...(supported ? { supported: [...supported].map(qualifiedName) } : {}) });
    serialized.set(options, text);
  }
  return text;
}

function parse(text: string): CollectionOptions {
  const { supported, ...rest } = JSON.parse(text) as Omit<CollectionOptions, 'supported'> & { supported?: string[] };
  return { ...rest, ...(supported ? { supported: tagsNamed(supported) } : {}) };
}

function tagsNamed(names: readonly string[]): Set<Tag> {
  const tags = names.map((name) => tagNamed(...(name.split(':') as [string, string])));
  return new Set(tags.filter((tag) => tag !== undefined));
}
