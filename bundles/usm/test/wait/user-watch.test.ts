import type { FolderRef, GroupwareSession, WatchInterest } from '@oxtender/bundle-api';
import { FakeClock } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { UserWatch, type WatchListener } from '../../src/wait/user-watch';

const inbox: FolderRef = { id: 'INBOX', itemClass: 'Email' };
const contacts: FolderRef = { id: '31', itemClass: 'Contacts' };

describe('UserWatch', () => {
  const listener = (folders: readonly FolderRef[], hierarchy: boolean): WatchListener => ({
    interest: { folders, hierarchy },
    hear: () => {},
  });

  it('tells the groupware what all devices together wait for, and when nobody does', () => {
    const told: WatchInterest[] = [];
    const watch = {
      covers: () => false,
      attend: (one: WatchInterest) => void told.push(one),
      [Symbol.dispose]: () => {},
    };
    const own = new UserWatch({ watch: () => watch } as unknown as GroupwareSession, new FakeClock());
    const phone = listener([inbox, contacts], true);
    const tablet = listener([inbox], false);
    own.add(phone);
    own.add(tablet);
    own.delete(phone);
    own.delete(phone);
    own.delete(tablet);
    expect(told).to.deep.equal([
      { folders: [], hierarchy: false },
      { folders: [inbox, contacts], hierarchy: true },
      { folders: [inbox, contacts], hierarchy: true },
      { folders: [inbox], hierarchy: false },
      { folders: [], hierarchy: false },
    ]);
    own[Symbol.dispose]();
  });
});
