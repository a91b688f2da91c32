/** What a status means to versions that know none of its kind: an HTTP status. */
interface CommonStatusEntry {
  /** Goes into the Status element of the command's own document, from 14.0 on. */
  readonly status: number;
  /** HTTP status up to 12.1; `undefined` for what those versions cannot meet. */
  readonly http: number | undefined;
}

/**
 * Statuses that every command may answer. [MS-ASCMD] "Common Status Codes". The keys are what {@link Refused} is thrown
 * with; the numbers are nowhere else.
 */
export const commonStatuses = {
  INVALID_CONTENT: { status: 101, http: 400 },
  INVALID_WBXML: { status: 102, http: 400 },
  INVALID_XML: { status: 103, http: 400 },
  INVALID_DATE_TIME: { status: 104, http: 400 },
  INVALID_COMBINATION_OF_IDS: { status: 105, http: 400 },
  INVALID_IDS: { status: 106, http: 400 },
  INVALID_MIME: { status: 107, http: 400 },
  DEVICE_ID_MISSING_OR_INVALID: { status: 108, http: 400 },
  DEVICE_TYPE_MISSING_OR_INVALID: { status: 109, http: 400 },
  SERVER_ERROR: { status: 110, http: 500 },
  SERVER_ERROR_RETRY_LATER: { status: 111, http: 503 },
  ACTIVE_DIRECTORY_ACCESS_DENIED: { status: 112, http: 403 },
  MAILBOX_QUOTA_EXCEEDED: { status: 113, http: 507 },
  MAILBOX_SERVER_OFFLINE: { status: 114, http: 503 },
  SEND_QUOTA_EXCEEDED: { status: 115, http: 500 },
  MESSAGE_RECIPIENT_UNRESOLVED: { status: 116, http: 500 },
  MESSAGE_REPLY_NOT_ALLOWED: { status: 117, http: 500 },
  MESSAGE_PREVIOUSLY_SENT: { status: 118, http: 500 },
  MESSAGE_HAS_NO_RECIPIENT: { status: 119, http: 500 },
  MAIL_SUBMISSION_FAILED: { status: 120, http: 500 },
  MESSAGE_REPLY_FAILED: { status: 121, http: 500 },
  ATTACHMENT_IS_TOO_LARGE: { status: 122, http: 500 },
  USER_HAS_NO_MAILBOX: { status: 123, http: 403 },
  USER_CANNOT_BE_ANONYMOUS: { status: 124, http: 401 },
  USER_PRINCIPAL_COULD_NOT_BE_FOUND: { status: 125, http: 403 },
  USER_DISABLED_FOR_SYNC: { status: 126, http: 403 },
  USER_ON_NEW_MAILBOX_CANNOT_SYNC: { status: 127, http: 403 },
  USER_ON_LEGACY_MAILBOX_CANNOT_SYNC: { status: 128, http: 403 },
  DEVICE_IS_BLOCKED_FOR_THIS_USER: { status: 129, http: 403 },
  ACCESS_DENIED: { status: 130, http: 403 },
  ACCOUNT_DISABLED: { status: 131, http: 403 },
  SYNC_STATE_NOT_FOUND: { status: 132, http: 403 },
  SYNC_STATE_LOCKED: { status: 133, http: 403 },
  SYNC_STATE_CORRUPT: { status: 134, http: 403 },
  SYNC_STATE_ALREADY_EXISTS: { status: 135, http: 403 },
  SYNC_STATE_VERSION_INVALID: { status: 136, http: 403 },
  COMMAND_NOT_SUPPORTED: { status: 137, http: 501 },
  VERSION_NOT_SUPPORTED: { status: 138, http: 400 },
  DEVICE_NOT_FULLY_PROVISIONABLE: { status: 139, http: 403 },
  REMOTE_WIPE_REQUESTED: { status: 140, http: 449 },
  LEGACY_DEVICE_ON_STRICT_POLICY: { status: 141, http: 449 },
  DEVICE_NOT_PROVISIONED: { status: 142, http: 449 },
  POLICY_REFRESH: { status: 143, http: 449 },
  INVALID_POLICY_KEY: { status: 144, http: 449 },
  EXTERNALLY_MANAGED_DEVICES_NOT_ALLOWED: { status: 145, http: 403 },
  NO_RECURRENCE_IN_CALENDAR: { status: 146, http: 400 },
  UNEXPECTED_ITEM_CLASS: { status: 147, http: 400 },
  REMOTE_SERVER_HAS_NO_SSL: { status: 148, http: 403 },
  INVALID_STORED_REQUEST: { status: 149, http: 400 },
  ITEM_NOT_FOUND: { status: 150, http: 500 },
  TOO_MANY_FOLDERS: { status: 151, http: 403 },
  NO_FOLDERS_FOUND: { status: 152, http: 403 },
  ITEMS_LOST_AFTER_MOVE: { status: 153, http: 500 },
  FAILURE_IN_MOVE_OPERATION: { status: 154, http: 500 },
  MOVE_COMMAND_DISALLOWED_FOR_NON_PERSISTENT_MOVE_ACTION: { status: 155, http: undefined },
  MOVE_COMMAND_INVALID_DESTINATION_FOLDER: { status: 156, http: undefined },
  AVAILABILITY_TOO_MANY_RECIPIENTS: { status: 160, http: undefined },
  AVAILABILITY_DL_LIMIT_REACHED: { status: 161, http: undefined },
  AVAILABILITY_TRANSIENT_FAILURE: { status: 162, http: undefined },
  AVAILABILITY_FAILURE: { status: 163, http: undefined },
  BODY_PART_PREFERENCE_TYPE_NOT_SUPPORTED: { status: 164, http: undefined },
  DEVICE_INFORMATION_REQUIRED: { status: 165, http: undefined },
  INVALID_ACCOUNT_ID: { status: 166, http: undefined },
  ACCOUNT_SEND_DISABLED: { status: 167, http: undefined },
  IRM_FEATURE_DISABLED: { status: 168, http: undefined },
  IRM_TRANSIENT_ERROR: { status: 169, http: undefined },
  IRM_PERMANENT_ERROR: { status: 170, http: undefined },
  IRM_INVALID_TEMPLATE_ID: { status: 171, http: undefined },
  IRM_OPERATION_NOT_PERMITTED: { status: 172, http: undefined },
  NO_PICTURE: { status: 173, http: undefined },
  PICTURE_TOO_LARGE: { status: 174, http: undefined },
  PICTURE_LIMIT_REACHED: { status: 175, http: undefined },
  BODY_PART_CONVERSATION_TOO_LARGE: { status: 176, http: undefined },
  MAXIMUM_DEVICES_REACHED: { status: 177, http: 403 },
  INVALID_SMART_FORWARD_PARAMETERS: { status: 178, http: undefined },
  INVALID_RECIPIENTS: { status: 179, http: undefined },
  DRAFT_RECIPIENTS_INVALID: { status: 183, http: undefined },
  EXCEPTIONS_FAILED: { status: 184, http: undefined },
} as const satisfies Record<string, CommonStatusEntry>;

/** A common status by its meaning. */
export type CommonStatusCode = keyof typeof commonStatuses;

/** Its number in a Status element. */
export function commonStatus(code: CommonStatusCode): number {
  return commonStatuses[code].status;
}
