import { expect } from 'chai';
import { ChangeToken } from '../../src/modules/change-token';

const fresh = { timestamp: 1000, serverTime: 1001 };

describe('ChangeToken', () => {
  it('knows a change that was told, and no other of the same object', () => {
    const token = new ChangeToken(0).after(fresh, { newest: ['7'] }, 0);
    expect(token.isKnown('7', 1000)).to.equal(true);
    expect(token.isKnown('7', 1001)).to.equal(false);
  });

  it('does not take the change of an object for its deletion', () => {
    const token = ChangeToken.parse(new ChangeToken(0).after(fresh, { newest: ['7'] }, 0).toString());
    expect(token.isKnownDeletion('7')).to.equal(false);
    const later = ChangeToken.parse(token.after(fresh, { newest: [], deleted: ['7'] }, 0).toString());
    expect(later.isKnownDeletion('7')).to.equal(true);
  });
});
