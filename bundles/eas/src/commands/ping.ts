import { isOxtenderError, type WaitResult } from '@oxtender/bundle-api';
import {
  type Command,
  type CommandCall,
  type CommandServices,
  describeCommand,
  LaterAnswer,
} from '../protocol/command';
import { foldersById } from '../lookup/folders-by-id';
import { optionalBody } from '../protocol/request-body';
import { type Infer, container, integer, many, object, optional, text } from '../protocol/schema';
import { type Element, Ping as Page, element } from '../wbxml';
import { storedOptions } from './sync/collection-options';
import { itemFilter } from './sync/filter';

/** [MS-ASCMD] "Status (Ping)". */
const Status = {
  TimeOver: 1,
  Changes: 2,
  ParametersMissing: 3,
  Malformed: 4,
  IntervalOutOfRange: 5,
  TooManyFolders: 6,
  HierarchyChanged: 7,
  ServerError: 8,
} as const;

/** [MS-ASCMD] "Ping", request schema. What is left out is as in the last Ping. */
const document = object({
  heartbeatInterval: optional(integer(Page.HeartbeatInterval)),
  folders: optional(
    container(
      Page.Folders,
      many(Page.Folder, object({ id: text(Page.Id, { min: 1, max: 64 }), class: optional(text(Page.Class)) })),
    ),
  ),
});
const request = optionalBody(document);

type PingRequest = Infer<typeof document>;

/** What a device waits for; kept with its session. */
interface PingParameters {
  readonly heartbeatInterval: number;
  readonly folders: readonly string[];
}

const field = 'eas.ping';

/** [MS-ASCMD] "Ping": holds the request until something changed in one of the folders, or the time is over. */
export class Ping implements Command<typeof request> {
  static readonly descriptor = describeCommand({
    name: 'Ping',
    root: Page.Ping,
    request,
    status: { malformed: Status.Malformed, serverError: Status.ServerError },
  });

  constructor(private readonly services: CommandServices) {}

  async execute(asked: PingRequest | undefined, call: CommandCall): Promise<Element | LaterAnswer> {
    const parameters = parametersOf(asked, call);
    if (!parameters) return answer(Status.ParametersMissing);
    const { config } = this.services;
    const least = config['com.openexchange.usm.eas.ping.min_heartbeat'];
    const most = config['com.openexchange.usm.eas.ping.max_heartbeat'];
    const interval = Math.min(Math.max(parameters.heartbeatInterval, least), most);
    if (interval !== parameters.heartbeatInterval) {
      return answer(Status.IntervalOutOfRange, element(Page.HeartbeatInterval, interval));
    }
    const mostFolders = config['com.openexchange.usm.eas.max_collections'];
    if (parameters.folders.length > mostFolders) {
      return answer(Status.TooManyFolders, element(Page.MaxFolders, mostFolders));
    }
    await remember(parameters, call);
    return this.#wait(parameters, call);
  }

  async #wait({ heartbeatInterval, folders }: PingParameters, call: CommandCall): Promise<Element | LaterAnswer> {
    const { clock, config, draining } = this.services;
    const known = foldersById(await call.session.folders(call));
    const collections = folders.map((collectionId) => {
      const folder = known.get(collectionId);
      const options = storedOptions(call.session, collectionId);
      const mailLimit = config['com.openexchange.usm.eas.mail.time_limit'];
      return { collectionId, filter: folder && itemFilter(folder.itemClass, options, clock.now(), mailLimit) };
    });
    if (collections.some(({ filter }) => !filter)) return answer(Status.HierarchyChanged);
    const waiting = call.session.wait({
      collections: collections.map(({ collectionId, filter = {} }) => ({ collectionId, filter })),
      hierarchy: true,
      timeout: heartbeatInterval * 1000,
      signal: call.signal,
      end: draining,
    });
    return new LaterAnswer(waiting.then(answerTo, answerToError));
  }
}

function answerTo({ hierarchy, collections }: WaitResult): Element {
  if (hierarchy) return answer(Status.HierarchyChanged);
  if (collections.length === 0) return answer(Status.TimeOver);
  return answer(
    Status.Changes,
    element(
      Page.Folders,
      collections.map((id) => element(Page.Folder, id)),
    ),
  );
}

/** Also for a folder that went away, or may not be read any more, while the device waited. */
function answerToError(error: unknown): Element {
  if (isOxtenderError(error, 'UNKNOWN_COLLECTION', 'HIERARCHY_CHANGED', 'NOT_FOUND', 'PERMISSION'))
    return answer(Status.HierarchyChanged);
  throw error;
}

/** The parameters in full; `undefined` when something was never said. */
function parametersOf(asked: PingRequest | undefined, { session }: CommandCall): PingParameters | undefined {
  const stored = session.fields.get(field);
  const last = stored === undefined ? undefined : (JSON.parse(stored) as PingParameters);
  const heartbeatInterval = asked?.heartbeatInterval ?? last?.heartbeatInterval;
  const folders = asked?.folders?.map(({ id }) => id) ?? last?.folders;
  if (heartbeatInterval === undefined || !folders || folders.length === 0) return undefined;
  return { heartbeatInterval, folders };
}

async function remember(parameters: PingParameters, { session }: CommandCall): Promise<void> {
  const text = JSON.stringify(parameters);
  if (text !== session.fields.get(field)) await session.fields.set({ [field]: text });
}

function answer(status: number, ...rest: Element[]): Element {
  return element(Page.Ping, element(Page.Status, status), ...rest);
}
