import type {
  Appointment,
  Contact,
  ItemClass,
  ItemOfClass,
  Message,
  MessageFlags,
  Note,
  Task,
} from '@oxtender/bundle-api';
import { expect } from 'chai';
import { fieldPosition, trackedFields } from '../../src/fields/tracked-fields';

/** Fields that are left out on purpose. */
interface Untracked {
  Email: Exclude<keyof Message, keyof MessageFlags>;
  Contacts: never;
  Calendar: 'lastModified' | 'sequence';
  Tasks: never;
  Notes: 'lastModified';
}

type Forgotten<C extends ItemClass> = Exclude<keyof ItemOfClass[C], (typeof trackedFields)[C][number] | Untracked[C]>;

/** Compiles only while no field of a record is forgotten. */
const nothingForgotten: { [C in ItemClass]: Forgotten<C> extends never ? true : Forgotten<C> } = {
  Email: true,
  Contacts: true,
  Calendar: true,
  Tasks: true,
  Notes: true,
};

describe('tracked fields', () => {
  it('name every field of a record that can change', () => {
    expect(Object.values(nothingForgotten)).to.not.include(false);
  });

  it('name none twice', () => {
    for (const fields of Object.values(trackedFields)) expect(new Set(fields).size).to.equal(fields.length);
  });

  it('have positions that stored states rely on', () => {
    const samples: [ItemClass, keyof Message | keyof Contact | keyof Appointment | keyof Task | keyof Note, number][] =
      [
        ['Email', 'read', 0],
        ['Email', 'categories', 4],
        ['Contacts', 'displayName', 0],
        ['Contacts', 'private', 66],
        ['Calendar', 'title', 0],
        ['Calendar', 'onlineMeetingUri', 23],
        ['Tasks', 'uid', 15],
        ['Notes', 'categories', 2],
      ];
    for (const [itemClass, field, position] of samples) expect(fieldPosition(itemClass, field)).to.equal(position);
  });
});
