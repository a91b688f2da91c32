import type { Values } from '../../columns/body';
import { oxError } from '../../envelope/ox-error';
import type { Folder } from '../../store/folders';
import type { Stored } from '../../store/objects';
import type { Call, JsonObject } from '../call';
import { type People, confirmationsOf, ownerOf, participationsOf, placesOf, readPeople } from '../people';
import { peopleCodes, standardFolder } from './rules';

/** The owner of a private folder takes part in what lies there. */
export function withOwner(call: Call, people: People, folder: Folder): People {
  const owner = call.context.users.get(ownerOf(folder) ?? call.user.id);
  if (!owner || people.users.includes(owner.id)) return people;
  const participant = { id: owner.id, type: 1, display_name: owner.displayName, mail: owner.mail };
  return { ...people, participants: [participant, ...people.participants], users: [owner.id, ...people.users] };
}

/** The columns that hold participants. */
export function peopleValues(people: People, confirmed: readonly JsonObject[] = []): Values {
  const confirmations = confirmationsOf(people, confirmed);
  return {
    participants: people.participants.length === 0 ? null : JSON.stringify(people.participants),
    confirmations: confirmations.length === 0 ? null : JSON.stringify(confirmations),
  };
}

/** The folder that an appointment belongs to: that of who invites. */
function homeOf({ context }: Call, stored: Stored, seenIn: Folder): Folder {
  return context.folders.get(stored.folder) ?? seenIn;
}

/**
 * Who takes part after a change: those of the body, or those from before.
 *
 * @throws OxError APP-0076 when the owner of the folder would be left out
 */
export function changedPeople(call: Call, stored: Stored, seenIn: Folder, body: JsonObject): People {
  if (!('participants' in body)) return readPeople(call, storedPeople(stored), peopleCodes);
  const people = readPeople(call, body['participants'], peopleCodes);
  const home = homeOf(call, stored, seenIn);
  const owner = ownerOf(home);
  if (owner === undefined || people.users.includes(owner)) return people;
  if (people.participants.length > 0) throw oxError('APP-0076');
  return withOwner(call, people, home);
}

export function storedPeople(stored: Stored): JsonObject[] {
  return JSON.parse(String(stored['participants'] ?? '[]')) as JsonObject[];
}

/** Puts the appointment into the calendars of those who take part now. @returns the columns to change */
export function replacePeople(call: Call, stored: Stored, seenIn: Folder, people: People): Values {
  const { appointments } = call.context;
  const before = { places: appointments.places(stored.id), participations: appointments.participations(stored.id) };
  const places = placesOf(call, homeOf(call, stored, seenIn), people, {
    standard: standardFolder,
    before: before.places,
  });
  appointments.place(stored.id, places, participationsOf(people, before.participations, { accepted: [], body: {} }));
  return peopleValues(people, JSON.parse(String(stored['confirmations'] ?? '[]')) as JsonObject[]);
}

/** The reminder is the acting user's, in another's folder the owner's. Minutes before the start; -1 is none. */
export function setAlarm(call: Call, id: number, body: JsonObject, folder: Folder): void {
  if (!('alarm' in body)) return;
  const { appointments } = call.context;
  const user = ownerOf(folder) ?? call.user.id;
  const known = appointments.participations(id).find((participation) => participation.user === user);
  const minutes = body['alarm'];
  const alarm = typeof minutes === 'number' && minutes >= 0 ? Math.trunc(minutes) : null;
  if (known) appointments.participate(id, { ...known, alarm });
}

/** `users` in a body carries the acting user's own answer. */
export function setOwnAnswer(call: Call, id: number, body: JsonObject): void {
  const given = Array.isArray(body['users']) ? (body['users'] as JsonObject[]) : [];
  const entry = given.find(({ id: user }) => Number(user) === call.user.id);
  const { appointments } = call.context;
  const known = appointments.participations(id).find(({ user }) => user === call.user.id);
  if (!entry || !known || entry['confirm'] === undefined) return;
  const message = typeof entry['confirmmessage'] === 'string' ? entry['confirmmessage'] : known.message;
  appointments.participate(id, { ...known, confirm: Number(entry['confirm']), message });
}
