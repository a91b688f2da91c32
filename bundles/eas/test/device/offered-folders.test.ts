import type { ItemClass, SyncFolder } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { folderDisplayName, isOffered } from '../../src/device/offered-folders';
import type { ProtocolVersion } from '../../src/protocol/versions';
import { omit } from '../../src/values/omit';
import { folders } from '../commands/scripted-call';

const [inbox] = folders as [SyncFolder];
const secondary = (itemClass: ItemClass): SyncFolder => ({ ...omit(inbox, 'role'), itemClass, name: 'Second' });

function offered(type: string, version: ProtocolVersion, userAgent?: string): ItemClass[] {
  const taker = { version, device: { id: 'D1', type, ...(userAgent === undefined ? {} : { userAgent }) } };
  const classes: ItemClass[] = ['Email', 'Calendar', 'Contacts', 'Tasks', 'Notes'];
  return classes.filter((itemClass) => isOffered(secondary(itemClass), taker));
}

describe('folders beside the default ones', () => {
  it('are for all devices that do not say otherwise; notes came with 14.0', () => {
    expect(offered('Thunderbird', '16.1')).to.deep.equal(['Email', 'Calendar', 'Contacts', 'Tasks', 'Notes']);
    expect(offered('Thunderbird', '12.1')).to.deep.equal(['Email', 'Calendar', 'Contacts', 'Tasks']);
    expect(offered('Thunderbird', '2.5')).to.deep.equal([]);
  });

  // Z-Hub/Z-Push, changesmemorywrapper.php, ZP-907
  it('are no second list of contacts for Outlook', () => {
    expect(offered('WindowsOutlook15', '14.0')).to.deep.equal(['Email', 'Calendar', 'Tasks', 'Notes']);
  });

  // horde/ActiveSync, Device.php
  it('are mail folders only for Windows Mobile and early Samsung phones', () => {
    expect(offered('PocketPC', '12.1')).to.deep.equal(['Email']);
    expect(offered('SAMSUNGSGHI317M', '12.1', 'SAMSUNG-SGH-I317M/100.40102')).to.deep.equal(['Email']);
    expect(offered('SAMSUNGSMS928B', '14.1', 'SAMSUNG-SM-S928B/101.160000')).to.include('Calendar');
  });

  it('say whose they are', () => {
    expect(folderDisplayName({ ...secondary('Calendar'), space: 'shared', owner: 'Bob' })).to.equal('Second (Bob)');
    expect(folderDisplayName({ ...secondary('Calendar'), space: 'private', owner: 'Bob' })).to.equal('Second');
  });
});
