import { expect } from 'chai';
import { isAllowed } from '../../src/device/allowed-devices';
import type { ProtocolVersion } from '../../src/protocol/versions';

const ios = { type: 'iPhone', userAgent: 'Apple-iPhone14C2/1902.123' };
const outlook = { type: 'Outlook', userAgent: 'Outlook-iOS-Android/1.0' };
const silent = { type: 'Nokia' };

describe('kinds of devices that an operator allows', () => {
  const cases: readonly [string[], { type: string; userAgent?: string }, ProtocolVersion, boolean][] = [
    [[], silent, '2.5', true],
    [['iPhone*'], ios, '16.1', true],
    [['iphone'], ios, '16.1', true],
    [['iPhone*'], outlook, '16.1', false],
    [['iPad*', ' iPhone* >= 14.1 '], ios, '14.1', true],
    [['iPhone*>=14.1'], ios, '14.0', false],
    [['*@Outlook-iOS-Android/*'], outlook, '16.1', true],
    [['*@Outlook-iOS-Android/*'], ios, '16.1', false],
    [['*@Outlook-iOS-Android/*>=16.0'], outlook, '14.1', false],
    [['Nokia@*'], silent, '12.1', true],
  ];
  for (const [rules, device, version, allowed] of cases)
    it(`${rules.join(', ') || 'none named'}: ${device.type} ${version} is ${allowed ? 'let in' : 'kept out'}`, () =>
      expect(isAllowed(device, version, rules)).to.equal(allowed));
});
