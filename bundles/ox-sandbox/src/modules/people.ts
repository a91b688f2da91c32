import type { OxCode } from '../envelope/codes';
import { oxError } from '../envelope/ox-error';
import { type Folder, FolderType } from '../store/folders';
import type { Participation, Place } from '../store/placed-objects';
import { type Call, type JsonObject, asObject } from './call';

/** OX HTTP API, "Participant identifier", type. */
export const ParticipantType = { user: 1, group: 2, resource: 3, resourceGroup: 4, external: 5 } as const;

/** An answer of somebody who takes no part, but wants to be reminded: the owner of a task for others. */
export const reminderOnly = -1;

/** Who takes part in an object. */
export interface People {
  /** As they are stored and answered. */
  readonly participants: readonly JsonObject[];
  /** Internal users, groups resolved. */
  readonly users: readonly number[];
  readonly resources: readonly number[];
}

interface PeopleCodes {
  readonly unknown: OxCode;
  readonly noAddress: OxCode;
}

/** Reads `participants` of a body. @throws OxError by the codes */
export function readPeople(call: Call, value: unknown, codes: PeopleCodes): People {
  const { users, groups, resources } = call.context;
  const found = { users: new Set<number>(), resources: new Set<number>() };
  const participants = (Array.isArray(value) ? (value as unknown[]) : []).map((element): JsonObject => {
    const participant = asObject(element);
    const type = Number(participant['type']);
    const id = Number(participant['id']);
    switch (type) {
      case ParticipantType.user: {
        const user = users.get(id);
        if (!user) throw oxError(codes.unknown, String(participant['id']));
        found.users.add(id);
        return { id, type, display_name: user.displayName, mail: user.mail };
      }
      case ParticipantType.group: {
        const group = groups.get(id);
        if (!group) throw oxError(codes.unknown, String(participant['id']));
        for (const member of group.members) found.users.add(member);
        return { id, type, display_name: group.display_name };
      }
      case ParticipantType.resource: {
        const resource = resources.get(id);
        if (!resource) throw oxError(codes.unknown, String(participant['id']));
        found.resources.add(id);
        return { id, type, display_name: resource.display_name };
      }
      default:
        return external(call, participant, found.users, codes);
    }
  });
  return { participants, users: [...found.users], resources: [...found.resources] };
}

/** An external address that is a user's own becomes that user. */
function external(call: Call, participant: JsonObject, users: Set<number>, codes: PeopleCodes): JsonObject {
  const mail = participant['mail'];
  if (typeof mail !== 'string' || mail === '') throw oxError(codes.noAddress);
  const user = call.context.users.byAddress(mail);
  const { display_name: name = mail } = participant;
  if (!user) return { type: ParticipantType.external, mail, display_name: name };
  users.add(user.id);
  return { id: user.id, type: ParticipantType.user, display_name: user.displayName, mail: user.mail };
}

/** Answers of external participants, the known ones kept. */
export function confirmationsOf(people: People, before: readonly JsonObject[]): JsonObject[] {
  return people.participants
    .filter(({ type }) => type === ParticipantType.external)
    .map(({ mail, display_name: name }) => {
      const known = before.find((confirmation) => confirmation['mail'] === mail);
      return known ?? { type: ParticipantType.external, mail, display_name: name, status: 0, message: '' };
    });
}

/** Who of a private folder's object must take part: its owner. */
export function ownerOf(folder: Folder): number | undefined {
  return folder.type === FolderType.private ? folder.owner : undefined;
}

/**
 * In which folders an object is seen: a public folder's in that one alone, others in the folder of each participant,
 * who keeps it where he has it already.
 *
 * @param standard - number of the standard folder for those who get it now
 */
export function placesOf(
  call: Call,
  folder: Folder,
  people: People,
  { standard, before }: { standard: number; before: readonly Place[] },
): Place[] {
  if (folder.type !== FolderType.private) return [{ folder: folder.id, user: 0 }];
  return people.users.flatMap((user) => {
    if (user === folder.owner) return [{ folder: folder.id, user }];
    const known = before.find((place) => place.user === user);
    const own = known?.folder ?? call.context.folders.standard(user, standard)?.id;
    return own === undefined ? [] : [{ folder: own, user }];
  });
}

/** Answers and reminders: kept where they are known; who creates an object has accepted it. */
export function participationsOf(
  people: People,
  before: readonly Participation[],
  options: { readonly accepted: readonly number[]; readonly body: JsonObject },
): Participation[] {
  const given = Array.isArray(options.body['users']) ? (options.body['users'] as JsonObject[]) : [];
  const reminders = before.filter(({ user, confirm }) => confirm === reminderOnly && !people.users.includes(user));
  const answers = people.users.map((user) => {
    const known = before.find((participation) => participation.user === user);
    if (known && known.confirm !== reminderOnly) return known;
    const own = options.accepted.includes(user);
    const entry = own ? given.find(({ id }) => Number(id) === user) : undefined;
    const message = entry?.['confirmmessage'];
    return {
      user,
      confirm: Number(entry?.['confirm'] ?? (own ? 1 : 0)),
      message: typeof message === 'string' && message !== '' ? message : null,
      alarm: known?.alarm ?? null,
    };
  });
  return [...answers, ...reminders];
}
