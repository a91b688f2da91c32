import { expect } from 'chai';
import fc from 'fast-check';
import { AirSync, ComposeMail, Contacts, type Element, element, printXml } from '../../src/wbxml';
import { readXml } from '../../src/wbxml/xml-reader';
import { arbitraryElement } from './arbitrary-element';

describe('XML', () => {
  const tree = element(
    AirSync.Sync,
    element(AirSync.GetChanges),
    element(Contacts.FirstName, ' <Änna> & "Co"\r\n'),
    element(ComposeMail.Mime, Buffer.from([1, 2, 3])),
  );

  it('is printed for people', () => {
    expect(printXml(tree)).to.equal(
      [
        '<Sync xmlns="AirSync" xmlns:ComposeMail="ComposeMail" xmlns:Contacts="Contacts">',
        '  <GetChanges/>',
        '  <Contacts:FirstName> &lt;Änna&gt; &amp; "Co"&#13;\n</Contacts:FirstName>',
        '  <ComposeMail:Mime opaque="base64">AQID</ComposeMail:Mime>',
        '</Sync>',
        '',
      ].join('\n'),
    );
  });

  it('is printed without what is not for everybody', () => {
    const xml = printXml(tree, (tag, value) => (tag === AirSync.GetChanges ? undefined : `[${value.length}]`));
    expect(xml)
      .to.include('<Contacts:FirstName>[16]<')
      .and.include('<ComposeMail:Mime>[3]<')
      .and.include('<GetChanges/>');
  });

  it('is read back as it was', () => {
    expect(readXml(printXml(tree))).to.deep.equal(tree);
    const check = (any: Element) => {
      expect(readXml(printXml(any))).to.deep.equal(any);
    };
    fc.assert(fc.property(arbitraryElement(), check));
  });

  it("is read with the specification's namespaces, and refused where a name is on no page", () => {
    const xml = '<Sync xmlns="AirSync:" xmlns:c="Contacts:"><c:FirstName><![CDATA[<a>]]></c:FirstName></Sync>';
    expect(readXml(xml)).to.deep.equal(element(AirSync.Sync, element(Contacts.FirstName, '<a>')));
    for (const bad of ['<Sync/>', '<Sync xmlns="AirSync"><Nonsense/></Sync>', '<Sync xmlns="AirSync">', '', 'x']) {
      expect(() => readXml(bad), bad).to.throw(Error);
    }
  });
});
