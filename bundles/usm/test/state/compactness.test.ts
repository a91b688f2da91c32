import type { Appointment, Contact, Item, ItemClass, Message } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { hashItem } from '../../src/fields/field-hash';
import { CollectionState } from '../../src/state/collection-state';
import { dayOf, Mark } from '../../src/state/entry';
import { encodeState } from '../../src/state/state-codec';

/** Numbers that look like chance and are always the same. */
class Chance {
  #state = 12345;

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  word(): string {
    return Array.from({ length: 4 + this.below(8) }, () => String.fromCharCode(97 + this.below(26))).join('');
  }

  digits(count: number): string {
    return Array.from({ length: count }, () => this.below(10)).join('');
  }
}

interface Sample {
  readonly item: Item;
  readonly version: string;
  readonly date?: number;
}

/** Bytes per item of a stored state with these items, whose ids grow with gaps. */
function bytesPerItem(itemClass: ItemClass, count: number, sample: (chance: Chance, at: number) => Sample): number {
  const chance = new Chance();
  const editor = CollectionState.empty.edit();
  for (let at = 0, id = 1000; at < count; at++, id += 1 + chance.below(6)) {
    const { item, version, date } = sample(chance, at);
    const day = date === undefined ? undefined : dayOf(date);
    editor.set({ id: String(id), version, mark: Mark.Known, day, hashes: hashItem(itemClass, item) });
  }
  return encodeState(editor.finish({ token: '1790000000000' })).length / count;
}

function mail(chance: Chance, at: number): Sample {
  const item: Message = {
    read: chance.below(10) > 0,
    ...(chance.below(4) === 0 && { answered: true }),
    ...(chance.below(50) === 0 && { followUp: { status: 'active' as const, due: chance.below(1e12) } }),
    ...(chance.below(20) === 0 && { categories: [`Colour ${chance.below(10)}`] }),
  };
  const flags = (item.answered ? 1 : 0) + (item.followUp ? 8 : 0) + (item.read ? 32 : 0);
  return {
    item,
    version: `${flags}.${item.categories ? chance.below(10) : 0}`,
    date: 1_600_000_000_000 + at * 900_000,
  };
}

function lastModified(chance: Chance): string {
  return String(1_690_000_000_000 + chance.below(3 * 365 * 86_400) * 1000 + chance.below(1000));
}

function contact(chance: Chance): Sample {
  const item: Contact = {
    displayName: chance.word(),
    firstName: chance.word(),
    lastName: chance.word(),
    company: chance.word(),
    jobTitle: chance.word(),
    email1: `${chance.word()}@example.org`,
    mobilePhone1: chance.digits(11),
    businessPhone1: chance.digits(11),
    businessStreet: `${chance.word()} ${chance.digits(2)}`,
    businessCity: ['Berlin', 'Köln', 'Hamburg', 'München'][chance.below(4)] ?? '',
    businessPostalCode: chance.digits(5),
    businessCountry: 'Germany',
    ...(chance.below(2) === 0 && { birthday: `19${chance.digits(2)}-0${1 + chance.below(9)}-1${chance.digits(1)}` }),
    ...(chance.below(3) === 0 && { body: { format: 'text' as const, content: chance.word() } }),
  };
  return { item, version: lastModified(chance) };
}

function appointment(chance: Chance): Sample {
  const start = 1_600_000_000_000 + chance.below(8 * 365) * 86_400_000;
  const item: Appointment = {
    uid: chance.digits(32),
    title: chance.word(),
    location: { displayName: chance.word() },
    start,
    end: start + 3_600_000,
    allDay: false,
    busyStatus: 'busy',
    timeZone: 'Europe/Berlin',
    reminder: 15,
    organizer: { address: 'anna@example.org' },
    ownedByUser: true,
    ...(chance.below(2) === 0 && {
      attendees: [{ address: `${chance.word()}@example.org`, role: 'required' as const, status: 'accepted' as const }],
      body: { format: 'text' as const, content: chance.word() },
    }),
  };
  return { item, version: lastModified(chance), date: item.end };
}

describe('a stored state', () => {
  const goals: [ItemClass, number, number, (chance: Chance, at: number) => Sample][] = [
    ['Email', 100_000, 16, mail],
    ['Contacts', 5_000, 64, contact],
    ['Calendar', 5_000, 64, appointment],
  ];
  for (const [itemClass, count, limit, sample] of goals) {
    it(`of ${count} items of ${itemClass} takes at most ${limit} bytes an item, field hashes included`, function () {
      const bytes = bytesPerItem(itemClass, count, sample);
      if (this.test) this.test.title += `: ${bytes.toFixed(1)}`;
      expect(bytes).to.be.at.most(limit);
    });
  }
});
