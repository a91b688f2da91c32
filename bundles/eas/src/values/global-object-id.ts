/** First bytes of every such id. [MS-OXOCAL] "PidLidGlobalObjectId". */
const classId = Buffer.from('040000008200e00074c5b7101a82e008', 'hex');
/** Where a year (two bytes, big endian), a month and a day of one occurrence stand; zero for the series. */
const instanceDate = { offset: 16, length: 4 } as const;
const lengthOffset = 36;
const dataOffset = 40;
/** Says that an iCalendar UID follows, ended by 0. */
const uidMarker = Buffer.from('vCal-Uid\u0001\u0000\u0000\u0000', 'latin1');

/** A calendar date. */
export interface InstanceDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** The text of a GlobalObjId element for an iCalendar UID. [MS-ASEMAIL] "GlobalObjId". */
export function encodeGlobalObjectId(uid: string, instance?: InstanceDate): string {
  const bytes = isOutlookUid(uid) ? Buffer.from(uid, 'hex') : wrapUid(uid);
  bytes.writeUInt16BE(instance?.year ?? 0, instanceDate.offset);
  bytes.writeUInt8(instance?.month ?? 0, instanceDate.offset + 2);
  bytes.writeUInt8(instance?.day ?? 0, instanceDate.offset + 3);
  return bytes.toString('base64');
}

/** The iCalendar UID in a GlobalObjId; undefined when it is none. */
export function decodeGlobalObjectId(text: string): { uid: string; instance?: InstanceDate } | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length < dataOffset || !bytes.subarray(0, classId.length).equals(classId)) return undefined;
  const year = bytes.readUInt16BE(instanceDate.offset);
  const date = { year, month: bytes[instanceDate.offset + 2] ?? 0, day: bytes[instanceDate.offset + 3] ?? 0 };
  const data = bytes.subarray(dataOffset, dataOffset + bytes.readUInt32LE(lengthOffset));
  return { uid: uidOf(bytes, data), ...(year === 0 ? {} : { instance: date }) };
}

function uidOf(bytes: Buffer, data: Buffer): string {
  if (data.subarray(0, uidMarker.length).equals(uidMarker)) {
    const end = data.indexOf(0, uidMarker.length);
    return data.toString('utf8', uidMarker.length, end === -1 ? data.length : end);
  }
  const series = Buffer.from(bytes);
  series.fill(0, instanceDate.offset, instanceDate.offset + instanceDate.length);
  return series.toString('hex').toUpperCase();
}

/** An id that Outlook made and that became a UID as hexadecimal digits. */
function isOutlookUid(uid: string): boolean {
  return (
    uid.length >= dataOffset * 2 &&
    uid.length % 2 === 0 &&
    /^[0-9a-f]+$/i.test(uid) &&
    uid.toLowerCase().startsWith(classId.toString('hex'))
  );
}

function wrapUid(uid: string): Buffer {
  const data = Buffer.concat([uidMarker, Buffer.from(uid, 'utf8'), Buffer.of(0)]);
  const header = Buffer.alloc(dataOffset);
  classId.copy(header);
  header.writeUInt32LE(data.length, lengthOffset);
  return Buffer.concat([header, data]);
}
