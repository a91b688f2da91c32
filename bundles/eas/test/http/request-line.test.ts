import { expect } from 'chai';
import fc from 'fast-check';
import { checkDevice, parseRequestLine } from '../../src/http/request-line';
import { commandCodes } from '../../src/protocol/command-codes';
import { protocolVersions } from '../../src/protocol/versions';

/** A base64 query's bytes. */
function encodeQuery(parts: {
  version?: number;
  command?: number;
  deviceId?: Buffer | string;
  policyKey?: Buffer;
  deviceType?: string;
  parameters?: [number, Buffer | string][];
}): Buffer {
  const prefixed = (value: Buffer | string) =>
    Buffer.concat([Buffer.from([Buffer.from(value).length]), Buffer.from(value)]);
  const {
    version = 161,
    command = 0,
    deviceId = 'device1',
    policyKey = Buffer.alloc(0),
    deviceType = 'iPhone',
  } = parts;
  return Buffer.concat([
    Buffer.from([version, command, 0x09, 0x04]),
    prefixed(deviceId),
    prefixed(policyKey),
    prefixed(deviceType),
    ...(parts.parameters ?? []).map(([tag, value]) => Buffer.concat([Buffer.from([tag]), prefixed(value)])),
  ]);
}

const parseBytes = (bytes: Buffer) => parseRequestLine(bytes.toString('base64'), {});

describe('request line', () => {
  describe('base64', () => {
    it('reads the example of [MS-ASHTTP]', () => {
      expect(parseRequestLine('jAAJBAp2MTQwRGV2aWNlAApTbWFydFBob25l', {})).to.deep.equal({
        command: 'Sync',
        version: '14.0',
        deviceId: 'v140Device',
        deviceType: 'SmartPhone',
        user: undefined,
        policyKey: undefined,
        acceptMultiPart: false,
        parameters: {},
      });
    });

    it('reads key, parameters and options', () => {
      const bytes = encodeQuery({
        command: commandCodes.ItemOperations,
        policyKey: Buffer.from([0x78, 0x56, 0x34, 0xf2]),
        parameters: [
          [0, 'att:1'],
          [1, 'a'],
          [3, 'a:7'],
          [4, 'long'],
          [6, '2026-11-22T00:00:00.000Z'],
          [7, Buffer.from([0x03])],
          [8, 'änna'],
          [99, 'passed over'],
        ],
      });
      expect(parseBytes(bytes)).to.deep.equal({
        command: 'ItemOperations',
        version: '16.1',
        deviceId: 'device1',
        deviceType: 'iPhone',
        user: 'änna',
        policyKey: 0xf2345678,
        acceptMultiPart: true,
        parameters: {
          attachmentName: 'att:1',
          collectionId: 'a',
          itemId: 'a:7',
          longId: 'long',
          occurrence: '2026-11-22T00:00:00.000Z',
          saveInSent: true,
        },
      });
    });

    it('takes padding left out, percent-encoding, blanks for plus signs, and the alphabet for URLs', () => {
      // The bytes hold +, / and padding once encoded.
      const bytes = encodeQuery({ deviceId: 'dev>>>???', deviceType: 'i~~~' });
      const standard = bytes.toString('base64');
      const line = parseRequestLine(standard, {});
      for (const form of [
        standard.replace(/=+$/, ''),
        encodeURIComponent(standard),
        standard.replaceAll('+', ' '),
        bytes.toString('base64url'),
      ]) {
        expect(parseRequestLine(form, {}), form).to.deep.equal(line);
      }
    });

    it('shows the raw bytes of a GUID in hexadecimal, text as it is', () => {
      const guid = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
      expect(parseBytes(encodeQuery({ deviceId: guid })).deviceId).to.equal('00112233445566778899aabbccddeeff');
      expect(parseBytes(encodeQuery({ deviceId: 'Nine0123456789ab' })).deviceId).to.equal('Nine0123456789ab');
    });

    it('lets the encoded fields win over headers', () => {
      const headers = { 'ms-asprotocolversion': '12.1', 'x-ms-policykey': '5', 'ms-asacceptmultipart': 'T' };
      const line = parseRequestLine(encodeQuery({ version: 141 }).toString('base64'), headers);
      expect(line).to.include({ version: '14.1', policyKey: undefined, acceptMultiPart: false });
    });

    it('refuses what is cut, not base64, or has a key of a strange length', () => {
      const whole = encodeQuery({});
      for (let length = 0; length < whole.length; length++) {
        expect(() => parseBytes(whole.subarray(0, length)), `${length} bytes`)
          .to.throw()
          .with.property('code', 'BAD_QUERY');
      }
      const refused = [
        '',
        '!!!',
        '%',
        '%zz',
        'User=anna&DeviceId=1',
        encodeQuery({ policyKey: Buffer.alloc(2) }).toString('base64'),
      ];
      for (const query of refused) {
        expect(() => parseRequestLine(query, {}), query)
          .to.throw()
          .with.property('code', 'BAD_QUERY');
      }
      expect(() => parseBytes(encodeQuery({ command: 77 })))
        .to.throw()
        .with.property('code', 'UNKNOWN_COMMAND');
    });

    it('throws nothing but its own errors, whatever the bytes', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
          try {
            checkDevice(parseBytes(Buffer.from(bytes)));
          } catch (error) {
            const codes = [
              'BAD_QUERY',
              'UNKNOWN_COMMAND',
              'DEVICE_ID_MISSING_OR_INVALID',
              'DEVICE_TYPE_MISSING_OR_INVALID',
            ];
            expect((error as { code?: string }).code).to.be.oneOf(codes);
          }
        }),
      );
    });
  });

  describe('plain', () => {
    const headers = { 'ms-asprotocolversion': '12.1', 'x-ms-policykey': '4294967295', 'ms-asacceptmultipart': 'T' };

    it('reads query and headers, in any order and case', () => {
      const query =
        'deviceType=SP&SaveInSent=T&User=DOM%5Canna&CollectionId=5%3A1&Cmd=SmartReply&DeviceId=d1&ItemId=5%3A2';
      expect(parseRequestLine(query, headers)).to.deep.equal({
        command: 'SmartReply',
        version: '12.1',
        deviceId: 'd1',
        deviceType: 'SP',
        user: 'DOM\\anna',
        policyKey: 4294967295,
        acceptMultiPart: true,
        parameters: { collectionId: '5:1', itemId: '5:2', saveInSent: true },
      });
    });

    it('tells no key from key 0 from garbage', () => {
      const key = (value: string | undefined) =>
        parseRequestLine('Cmd=Sync&DeviceId=d&DeviceType=t', value === undefined ? {} : { 'x-ms-policykey': value })
          .policyKey;
      expect([undefined, '', '0', '17', 'abc'].map(key)).to.deep.equal([undefined, undefined, 0, 17, -1]);
    });

    it('knows all commands, spelt exactly', () => {
      for (const name of Object.keys(commandCodes)) {
        expect(parseRequestLine(`Cmd=${name}`, {}).command).to.equal(name);
      }
      for (const name of ['', 'sync', 'constructor', 'Sync ']) {
        expect(() => parseRequestLine(`Cmd=${name}`, {}))
          .to.throw()
          .with.property('code', 'UNKNOWN_COMMAND');
      }
    });
  });

  it('reads the same from both forms', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9]{1,32}$/);
    const version = fc.constantFrom(...protocolVersions.filter((candidate) => candidate !== '2.5'));
    const command = fc.constantFrom(...(Object.keys(commandCodes) as (keyof typeof commandCodes)[]));
    const key = fc.option(fc.integer({ min: 0, max: 0xffffffff }), { nil: undefined });
    fc.assert(
      fc.property(fc.record({ deviceId: id, deviceType: id, version, command, key }), (line) => {
        const { deviceId, deviceType, version, command, key } = line;
        const plain = parseRequestLine(`Cmd=${command}&DeviceId=${deviceId}&DeviceType=${deviceType}`, {
          'ms-asprotocolversion': version,
          ...(key === undefined ? {} : { 'x-ms-policykey': String(key) }),
        });
        const policyKey = Buffer.alloc(key === undefined ? 0 : 4);
        if (key !== undefined) policyKey.writeUInt32LE(key);
        const code = Math.round(Number(version) * 10);
        const bytes = encodeQuery({ version: code, command: commandCodes[command], deviceId, deviceType, policyKey });
        expect(parseBytes(bytes)).to.deep.equal(plain);
      }),
    );
  });

  it('checks device id and type', () => {
    const line = parseRequestLine('Cmd=Sync&DeviceId=d1&DeviceType=iPhone', {});
    const check = (deviceId: string, deviceType: string) => {
      try {
        checkDevice({ ...line, deviceId, deviceType });
        return 'fine';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    for (const good of ['Appl87037XYZ', 'androidc1234567', 'SEC0123456789ABCDEF', 'x'.repeat(64), '{A-B}', 'MZTB123']) {
      expect(check(good, 'iPhone'), good).to.equal('fine');
    }
    for (const bad of ['', 'a,b', 'a b', "a'b", 'ü', 'a/b', 'a\0', 'x'.repeat(65)]) {
      expect(check(bad, 'iPhone'), bad).to.equal('DEVICE_ID_MISSING_OR_INVALID');
    }
    for (const bad of ['', 'i\nPhone', 'x'.repeat(65)]) {
      expect(check('d1', bad), bad).to.equal('DEVICE_TYPE_MISSING_OR_INVALID');
    }
  });
});
