import {
  type Infer,
  container,
  dateTime,
  many,
  object,
  oneOf,
  optional,
  text,
  tree,
  value,
} from '../../protocol/schema';
import { parseDateTime } from '../../values/date-time';
import { AirSyncBase, MeetingResponse, Search } from '../../wbxml';

/** [MS-ASCMD] "SendResponse": that it is there says that the organizer gets a mail. */
const sendResponse = object({
  body: optional(tree(AirSyncBase.Body)),
  proposedStart: optional(dateTime(MeetingResponse.ProposedStartTime)),
  proposedEnd: optional(dateTime(MeetingResponse.ProposedEndTime)),
});

const meetingRequest = object(
  {
    userResponse: oneOf(MeetingResponse.UserResponse, [1, 2, 3]),
    collectionId: optional(text(MeetingResponse.CollectionId, { max: 64 })),
    requestId: optional(text(MeetingResponse.RequestId, { min: 1, max: 64 })),
    longId: optional(text(Search.LongId, { min: 1, max: 256 })),
    // Empty: the whole series.
    instanceId: optional(
      value(
        MeetingResponse.InstanceId,
        (read) => (read.trim() === '' ? 'series' : parseDateTime(read)),
        'INVALID_DATE',
      ),
    ),
    sendResponse: optional(container(MeetingResponse.SendResponse, sendResponse)),
  },
  { unknown: 'skip' },
);

/** [MS-ASCMD] "MeetingResponse", request schema; the limit: "Limiting Size of Command Requests". */
export const meetingResponseRequest = many(MeetingResponse.Request, meetingRequest, { min: 1, max: 100 });

export type MeetingAnswer = Infer<typeof meetingRequest>;
