import type { FolderRef, GroupwareSession, WatchInterest } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { UserWatch } from '../../src/wait/user-watch';

const inbox: FolderRef = { id: 'INBOX', itemClass: 'Email' };
const contacts: FolderRef = { id: '31', itemClass: 'Contacts' };

describe('UserWatch', () => {
  it('tells the groupware what all devices together wait for, and when nobody does', () => {
    const told: WatchInterest[] = [];
    const watch = {
      covers: () => false,
      attend: (one: WatchInterest) => void told.push(one),
      [Symbol.dispose]: () => {},
    };
    const own = new UserWatch({ watch: () => watch } as unknown as GroupwareSession);
    const phone = own.attend({ folders: [inbox, contacts], hierarchy: true });
    const tablet = own.attend({ folders: [inbox], hierarchy: false });
    phone[Symbol.dispose]();
    phone[Symbol.dispose]();
    tablet[Symbol.dispose]();
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
