import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'fast-plist';
import { mobileConfig } from '../../src/profile/mobileconfig';

const anna = { login: 'anna', displayName: 'Änna', address: 'anna@example.com' };
const server = { host: 'mail.example.com', isSecure: true };
const texts = { title: 'Example', description: 'Mail & calendar', organization: '' };

/** Read by a parser that has nothing to do with what wrote it. */
const read = (xml: string) => parse(xml) as Record<string, unknown> & { PayloadContent: Record<string, unknown>[] };

describe('mobileConfig', () => {
  it('describes one Exchange account, without a password', () => {
    const { PayloadContent, ...profile } = read(mobileConfig(anna, server, texts));
    expect(profile).to.include({
      PayloadType: 'Configuration',
      PayloadVersion: 1,
      PayloadDescription: 'Mail & calendar',
    });
    expect(profile).to.not.have.property('PayloadOrganization');
    expect(PayloadContent).to.have.length(1);
    expect(PayloadContent[0]).to.include({
      PayloadType: 'com.apple.eas.account',
      Host: 'mail.example.com',
      SSL: true,
      UserName: 'anna',
      EmailAddress: 'anna@example.com',
    });
    expect(JSON.stringify(PayloadContent)).to.not.match(/password/i);
  });

  it('keeps its identifiers for the same account, and has others for another', () => {
    const ids = (login: string) => {
      const { PayloadContent, PayloadUUID, PayloadIdentifier } = read(mobileConfig({ ...anna, login }, server, texts));
      return [
        PayloadUUID,
        PayloadIdentifier,
        PayloadContent[0]?.['PayloadUUID'],
        PayloadContent[0]?.['PayloadIdentifier'],
      ];
    };
    expect(ids('anna')).to.deep.equal(ids('Anna'));
    expect(new Set([...ids('anna'), ...ids('bob')])).to.have.property('size', 8);
    for (const [uuid] of [ids('anna')]) expect(uuid).to.match(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
  });

  it('carries any text that XML can', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(value));
    fc.assert(
      fc.property(text, text, (login, title) => {
        const { PayloadContent, PayloadDisplayName } = read(
          mobileConfig({ ...anna, login }, server, { ...texts, title }),
        );
        expect([PayloadContent[0]?.['UserName'], PayloadDisplayName]).to.deep.equal([login, title]);
      }),
    );
  });
});
