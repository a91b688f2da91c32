import { type Column, derived, int, text, bool, time, timestamp } from './column';

/** Numbers of the modules in the attachment and reminder API. */
export const ModuleNumber = { calendar: 1, tasks: 4, contacts: 7 } as const;

export type ObjectModule = keyof typeof ModuleNumber;

/** Columns that contacts, appointments and tasks share. OX HTTP API, "Common object data". */
export function commonColumns(module: ObjectModule): Column[] {
  const attachments = `FROM attachment a WHERE a.module = ${ModuleNumber[module]} AND a.attached = t.id`;
  return [
    derived(1, 'id', 'id', 't.id'),
    int(2, 'created_by', { readOnly: true }),
    int(3, 'modified_by', { readOnly: true }),
    time(4, 'creation_date', { readOnly: true }),
    time(5, 'last_modified', { readOnly: true }),
    derived(6, 'last_modified_utc', 'timestamp', 't.last_modified'),
    derived(20, 'folder_id', 'id', 'f.folder'),
    text(100, 'categories', 512),
    bool(101, 'private_flag'),
    int(102, 'color_label'),
    derived(104, 'number_of_attachments', 'int', `(SELECT count(*) ${attachments})`),
    derived(105, 'lastModifiedOfNewestAttachmentUTC', 'timestamp', `(SELECT max(a.last_modified) ${attachments})`),
    text(106, 'filename'),
    text(223, 'uid', 1024),
  ];
}

/** For tables whose reader wants only a stamp. */
export const lastModifiedUtc = timestamp(6, 'last_modified', { readOnly: true });
