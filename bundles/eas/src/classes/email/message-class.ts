import type { Message } from '@oxtender/bundle-api';
import type { CalendarPart } from './calendar-part';

/** [MS-ASEMAIL] "MessageClass". */
export function messageClass({ security, report }: Message, part: CalendarPart | undefined): string {
  if (security === 'encrypted') return 'IPM.Note.SMIME';
  if (security === 'signed') return 'IPM.Note.SMIME.MultipartSigned';
  return report === true ? 'REPORT.IPM.NOTE.NDR' : classOfPart(part);
}

/** [MS-ASEMAIL] "ContentClass". */
export function contentClass(part: CalendarPart | undefined): string {
  return classOfPart(part) === 'IPM.Note' ? 'urn:content-classes:message' : 'urn:content-classes:calendarmessage';
}

const answers: Readonly<Record<string, string>> = {
  ACCEPTED: 'IPM.Schedule.Meeting.Resp.Pos',
  TENTATIVE: 'IPM.Schedule.Meeting.Resp.Tent',
  DECLINED: 'IPM.Schedule.Meeting.Resp.Neg',
};

function classOfPart(part: CalendarPart | undefined): string {
  switch (part?.method) {
    case 'REQUEST':
      return 'IPM.Schedule.Meeting.Request';
    case 'CANCEL':
      return 'IPM.Schedule.Meeting.Canceled';
    case 'REPLY':
      return answers[part.attendees[0]?.status ?? ''] ?? 'IPM.Note';
    case 'COUNTER':
      // Another time is proposed: an answer that keeps the time open.
      return 'IPM.Schedule.Meeting.Resp.Tent';
    default:
      return 'IPM.Note';
  }
}
