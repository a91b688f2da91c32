import type { Attendee, ParticipationStatus } from '@oxtender/bundle-api';
import { choice } from './codecs';
import { commentFields, keptComment } from './proposal-note';

/** An entry of `participants`. OX HTTP API, "Participant identifier". */
export interface OxParticipant {
  readonly id?: number | string;
  /** 1 user, 2 group, 3 resource, 4 resource group, 5 external. */
  readonly type: number;
  readonly mail?: string | null;
  readonly display_name?: string;
}

/** An entry of `users`: groups are resolved here. */
export interface OxUser {
  readonly id: number | string;
  readonly display_name?: string;
  readonly confirm?: number;
  readonly confirmmessage?: string;
}

/** An entry of `confirmations`: the answers of externals. */
export interface OxConfirmation {
  readonly type?: number;
  readonly mail?: string | null;
  readonly display_name?: string;
  readonly status?: number;
  readonly message?: string;
}

export const participantType = { user: 1, group: 2, resource: 3, resourceGroup: 4, external: 5 } as const;

/** Values of `confirm`, `confirmation` and `status`. */
export const confirmation = choice<ParticipationStatus>([
  ['none', 0],
  ['accepted', 1],
  ['declined', 2],
  ['tentative', 3],
]);

/** Name and address of an internal user. */
export interface Person {
  readonly name: string;
  readonly address: string;
}

/** Knows internal users by id and by address. Fed before rows are read and bodies written. */
export interface People {
  readonly userId: number;
  byId(id: number): Person | undefined;
  /** Id of the internal user or resource with that address, if there is one. */
  byAddress(address: string): { readonly id: number; readonly type: number } | undefined;
}

/** Who takes part, but for the one to leave out (the organizer). */
export function attendeesOf(
  {
    participants,
    users,
    confirmations,
  }: {
    participants: readonly OxParticipant[];
    users: readonly OxUser[];
    confirmations: readonly OxConfirmation[];
  },
  people: People,
  leaveOut: number | undefined,
): Attendee[] {
  const internal = users
    .filter(({ id }) => Number(id) !== leaveOut)
    .map(({ id, display_name: name, confirm, confirmmessage }): Attendee => {
      const person = people.byId(Number(id));
      const listed = participants.find((one) => one.type === participantType.user && Number(one.id) === Number(id));
      return {
        name: name ?? person?.name ?? listed?.display_name ?? '',
        address: person?.address ?? listed?.mail ?? '',
        role: 'required',
        status: statusOf(confirm),
        ...commentFields(confirmmessage, statusOf(confirm)),
      };
    });
  const others = participants.flatMap(({ type, mail: address, display_name: name }): Attendee[] => {
    const mail = address ?? '';
    if (type === participantType.resource)
      return [{ ...(name && { name }), address: mail, role: 'resource', status: 'none' }];
    if (type !== participantType.external) return [];
    const answer = confirmations.find((one) => one.mail?.toLowerCase() === mail.toLowerCase());
    return [
      {
        ...(name && { name }),
        address: mail,
        role: 'required',
        status: statusOf(answer?.status),
        ...commentFields(answer?.message, statusOf(answer?.status)),
      },
    ];
  });
  return [...internal, ...others];
}

/** Participants and confirmations for a list of attendees. Addresses that nobody inside has are externals. */
export function participantsFor(
  attendees: readonly Attendee[],
  people: People,
): { participants: OxParticipant[]; confirmations: OxConfirmation[] } {
  const participants: OxParticipant[] = [];
  const confirmations: OxConfirmation[] = [];
  const seen = new Set<string>();
  for (const attendee of attendees) {
    const { name, address, status } = attendee;
    const comment = keptComment(attendee);
    const inside = people.byAddress(address);
    const key = inside ? `${inside.type}:${inside.id}` : address.toLowerCase();
    // An external participant twice, or one without an address, makes the server refuse the whole object.
    if (address === '' || seen.has(key)) continue;
    seen.add(key);
    if (inside) {
      participants.push({ id: inside.id, type: inside.type });
      continue;
    }
    const who = { type: participantType.external, mail: address, ...(name && { display_name: name }) };
    participants.push(who);
    if (status !== 'none')
      confirmations.push({
        ...who,
        status: confirmation.encode(status) as number,
        ...(comment && { message: comment }),
      });
  }
  return { participants, confirmations };
}

export function statusOf(value: number | undefined): ParticipationStatus {
  return confirmation.decode(value) ?? 'none';
}
