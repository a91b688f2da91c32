import { OxClient } from '../support/client';
import { TestServer } from '../support/server';

const always = Number.MAX_SAFE_INTEGER;
const day = 86_400_000;
const monday = Date.UTC(2027, 1, 1);
const range = { rangeStart: '20261101T000000Z', rangeEnd: '20270301T000000Z' };

/** Calls every action of every module once, with success. */
export async function coverAllActions(): Promise<void> {
  await using server = await TestServer.start();
  const alice = await OxClient.login(server.url);
  await tourOfObjects(alice);
  await tourOfCalendar(alice);
  await tourOfChronos(alice);
  await tourOfFolders(alice);
  await tourOfMail(alice);
  await tourOfPeople(alice);
  await tourOfSettings(alice);
}

async function tourOfObjects(client: OxClient): Promise<void> {
  const kinds = [
    ['contacts', 22, { display_name: 'Tour' }, '1,20,500,2,4,5,6,101,104,592,606'],
    ['tasks', 20, { title: 'Tour' }, '1,20,200,2,4,5,6,101,201,202,204,220,221,300,316'],
  ] as const;
  for (const [module, folder, fields, columns] of kinds) {
    const { data } = await client.put<{ id: string }>(module, 'new', {}, { folder_id: folder, ...fields });
    const address = { folder, id: data.id };
    await client.get(module, 'all', { folder, columns });
    await client.put(module, 'list', { columns }, [address]);
    await client.get(module, 'get', address);
    await client.get(module, 'updates', { folder, columns, timestamp: 0, ignore: 'false' });
    await client.put(module, 'update', { ...address, timestamp: always }, { note: 'x' });
    await client.put(module, 'search', { columns }, { pattern: 'Tour', folder });
    if (module === 'tasks')
      await client.put(module, 'update', { ...address, timestamp: always }, { participants: [{ id: 3, type: 1 }] });
    if (module === 'tasks')
      await client.put(module, 'confirm', { ...address, timestamp: always }, { confirmation: 1, confirmmessage: 'ok' });
    await client.put(module, 'delete', { timestamp: 1 }, [address]);
    await client.put(module, 'delete', { timestamp: always }, [address]);
  }
  const { data } = await client.get<string[][]>('contacts', 'all', { folder: 22, columns: '1' });
  for (const [id] of data) await client.get('contacts', 'get', { folder: 22, id: id! });
  const contacts = { columns: '1,20,500' };
  await client.put('contacts', 'listuser', contacts, [3, 4]);
  await client.get('contacts', 'getuser', { id: 3 });
  await client.put('contacts', 'advancedSearch', contacts, { filter: ['=', { field: 'last_name' }, '*'] });
  await client.get('contacts', 'autocomplete', { ...contacts, query: 'a' });
  for (const action of ['birthdays', 'anniversaries'])
    await client.get('contacts', action, { ...contacts, start: 0, end: 400 * day });
}

async function tourOfCalendar(client: OxClient): Promise<void> {
  const columns = '1,20,200,201,202,204,206,207,208,209,210,211,220,221,224,227,401,402,408,410';
  const times = { start_date: monday, end_date: monday + 3_600_000 };
  const body = {
    folder_id: 21,
    title: 'Tour',
    ...times,
    ignore_conflicts: true,
    participants: [
      { id: 3, type: 1 },
      { id: 4, type: 1 },
      { type: 5, mail: 'x@y.example' },
    ],
  };
  const { data } = await client.put<{ id: string }>(
    'calendar',
    'new',
    {},
    { ...body, recurrence_type: 1, interval: 1, occurrences: 5, uid: 'tour' },
  );
  const address = { folder: 21, id: data.id };
  await client.put('calendar', 'new', {}, { ...body, ignore_conflicts: false });
  await client.get('calendar', 'all', { folder: 21, start: 0, end: always, columns, recurrence_master: true });
  await client.get('calendar', 'all', { start: monday, end: monday + 9 * day, columns });
  await client.get('calendar', 'has', { start: monday, end: monday + 9 * day });
  await client.put('calendar', 'list', { columns }, [address]);
  await client.get('calendar', 'get', address);
  await client.get('calendar', 'get', { ...address, recurrence_position: 2 });
  await client.put(
    'calendar',
    'update',
    { ...address, timestamp: always },
    { recurrence_position: 2, title: 'Other', ignore_conflicts: true },
  );
  await client.put('calendar', 'confirm', { ...address, timestamp: always }, { confirmation: 1, confirmmessage: '' });
  await client.get('calendar', 'getChangeExceptions', { ...address, columns });
  await client.get('calendar', 'updates', {
    folder: 21,
    columns,
    timestamp: 0,
    ignore: 'false',
    recurrence_master: true,
  });
  await client.get('calendar', 'freebusy', { id: 3, type: 1, start: monday, end: monday + 9 * day });
  await client.put('calendar', 'search', { columns }, { pattern: 'Tour' });
  await client.get('calendar', 'resolveuid', { uid: 'tour' });
  await client.get('calendar', 'newappointments', { start: monday, end: monday + 9 * day, limit: 5, columns });
  await client.put('calendar', 'copy', { ...address, ignore_conflicts: true }, { folder_id: 29 });
  const attached = { module: 1, attached: data.id, folder: 21 };
  const form = new FormData();
  form.set('json_0', JSON.stringify({ ...attached, filename: 'a.txt' }));
  form.set('file_0', new Blob(['text'], { type: 'text/plain' }), 'a.txt');
  const file = (await client.post<string[]>('attachment', 'attach', {}, form)).data[0]!;
  const files = { ...attached, columns: '1,800,801,802,803,804,805,806' };
  await client.get('attachment', 'all', files);
  await client.put('attachment', 'list', files, [file]);
  await client.get('attachment', 'updates', { ...files, timestamp: 0 });
  await client.get('attachment', 'get', { ...attached, id: file });
  await client.get('reminder', 'range', { end: Date.UTC(2027, 0, 1) });
  await client.put('attachment', 'detach', attached, [file]);
  await client.put('calendar', 'delete', { timestamp: 1 }, [address]);
  await client.put('calendar', 'delete', { timestamp: always }, [{ ...address, pos: 3 }]);
  await client.put('calendar', 'delete', { timestamp: always }, [address]);
}

async function tourOfChronos(client: OxClient): Promise<void> {
  const folder = 'cal://0/21';
  const event = {
    ...{
      summary: 'Tour',
      startDate: { value: '20270201T100000', tzid: 'Europe/Berlin' },
      endDate: { value: '20270201T110000', tzid: 'Europe/Berlin' },
    },
    ...{
      rrule: 'FREQ=DAILY;COUNT=5',
      attendees: [
        { entity: 3, cuType: 'INDIVIDUAL', uri: 'mailto:alice@example.com' },
        { entity: 4, cuType: 'INDIVIDUAL', uri: 'mailto:bob@example.com' },
      ],
    },
    alarms: [{ action: 'DISPLAY', trigger: { duration: '-PT10M' } }],
  };
  const { data } = await client.put<{ created: { id: string; uid: string }[] }>('chronos', 'new', { folder }, event);
  const { id, uid } = data.created[0]!;
  const address = { folder, id };
  await client.put('chronos', 'new', { folder, checkConflicts: true }, { ...event, rrule: undefined });
  await client.get('chronos', 'all', { folder, ...range });
  await client.get('chronos', 'all', { folder, ...range, expand: true, fields: 'id,startDate' });
  await client.put('chronos', 'all', range, { folders: [folder] });
  await client.put('chronos', 'list', {}, [address, { ...address, recurrenceId: '20270203T090000Z' }]);
  await client.get('chronos', 'get', address);
  await client.get('chronos', 'updates', { folder, timestamp: 0 });
  await client.put(
    'chronos',
    'update',
    { ...address, timestamp: always, recurrenceId: '20270202T090000Z' },
    { event: { summary: 'Other' } },
  );
  await client.put('chronos', 'update', { ...address, timestamp: always }, { event: { location: 'there' } });
  await client.put(
    'chronos',
    'updateAttendee',
    { ...address, timestamp: always },
    { attendee: { entity: 3, uri: 'mailto:alice@example.com', partStat: 'TENTATIVE' } },
  );
  await client.put(
    'chronos',
    'freeBusy',
    { from: range.rangeStart, until: range.rangeEnd },
    { attendees: [{ entity: 3, uri: 'mailto:alice@example.com' }] },
  );
  await client.get('chronos', 'needsAction', range);
  await client.get('chronos', 'resolve', { id: uid });
  await client.put('chronos/alarm', 'updateAlarms', { ...address, timestamp: always }, [
    { action: 'DISPLAY', trigger: { duration: '-PT1H' } },
  ]);
  await client.get('chronos/alarm', 'pending', { rangeEnd: range.rangeEnd });
  await client.get('chronos/alarm', 'ack', { ...address, alarmId: 1 });
  await client.get('chronos/alarm', 'snooze', { ...address, alarmId: 1, snoozeTime: 60_000 });
  const { data: single } = await client.put<{ created: { id: string }[] }>(
    'chronos',
    'new',
    { folder },
    { ...event, rrule: undefined },
  );
  await client.put(
    'chronos',
    'move',
    { folder, id: single.created[0]!.id, timestamp: always, targetFolder: 'cal://0/29' },
    '{}',
  );
  await client.put(
    'chronos',
    'delete',
    { timestamp: always },
    { events: [{ ...address, recurrenceId: '20270204T090000Z' }] },
  );
  await client.put('chronos', 'delete', { timestamp: always }, { events: [address] });
}

async function tourOfFolders(client: OxClient): Promise<void> {
  const columns = '1,2,3,4,5,6,20,300,301,302,304,305,306,307,308,309,311,314,316,317,318,3010,3020,3030';
  const { data: id } = await client.put<string>(
    'folders',
    'new',
    { folder_id: '1' },
    { folder: { title: 'Tour', module: 'contacts' } },
  );
  await client.get('folders', 'root', { columns });
  await client.get('folders', 'list', { parent: 1, columns });
  await client.get('folders', 'path', { id, columns });
  await client.get('folders', 'updates', { parent: 1, timestamp: 0, columns, ignore: 'false' });
  for (const folder of [id, '1', '6', '30', 'default0', 'default0/INBOX'])
    await client.get('folders', 'get', { id: folder });
  for (const content_type of ['contacts', 'calendar', 'tasks', 'mail', 'event'])
    await client.get('folders', 'allVisible', { content_type, columns });
  await client.put('folders', 'update', { id, timestamp: always }, { folder: { title: 'Tour 2' } });
  await client.get('folders', 'shares', { content_type: 'contacts', columns });
  await client.put('folders', 'clear', {}, [id]);
  await client.put('sync', 'refresh_server', {}, [id]);
  await client.put('folders', 'delete', { timestamp: always }, [id]);
}

async function tourOfMail(client: OxClient): Promise<void> {
  const columns = '600,601,602,603,604,605,606,607,608,609,610,611,612,613,614,650,652,653,656,102';
  const folder = 'default0/INBOX';
  const { data: id } = await client
    .put<{ id: string }>(
      'mail',
      'new',
      { folder },
      'Subject: tour\r\nMessage-ID: <tour@x>\r\nDisposition-Notification-To: bob@example.com\r\n\r\ntext',
    )
    .then(({ data }) => ({ data: data.id }));
  await client.get('mail', 'all', { folder, columns });
  await client.put('mail', 'list', { columns }, [{ folder, id }]);
  const { data } = await client.get<string[][]>('mail', 'all', { folder, columns: '600' });
  for (const [one] of data)
    for (const view of ['raw', 'text', 'html'])
      await client.get('mail', 'get', { folder, id: one!, view, unseen: true });
  await client.get('mail', 'count', { folder });
  await client.get('mail', 'examine', { folder });
  await client.get('mail', 'updates', { folder, columns });
  await client.get('mail', 'threadedAll', { folder, columns });
  await client.put('mail', 'search', { folder, columns }, [{ col: 607, pattern: 'tour' }]);
  await client.put('mail', 'update', { folder, id }, { set_flags: 8 });
  await client.put('mail', 'copy', { folder, id }, { folder_id: 'default0/Archive' });
  await client.put('mail', 'all_seen', { folder }, '');
  for (const action of ['reply', 'replyall', 'forward']) await client.get('mail', action, { folder, id });
  await client.put(
    'mail',
    'autosave',
    {},
    { subject: 'draft', attachments: [{ content_type: 'text/plain', content: 'x' }] },
  );
  await client.put('mail', 'receipt_ack', {}, { folder, id, from: 'alice@example.com' });
  await client.put('mail', 'new', {}, 'From: alice@example.com\r\nTo: bob@example.com\r\nSubject: x\r\n\r\nx');
  await client.put('mail', 'delete', {}, [{ folder, id }]);
  await client.put('mail', 'clear', {}, ['default0/Archive']);
}

async function tourOfPeople(client: OxClient): Promise<void> {
  const columns = '1,500,501,502,555,610,611,612,613,614,615';
  await client.get('user', 'all', { columns });
  await client.put('user', 'list', { columns }, [3, null]);
  await client.get('user', 'get', { id: 4 });
  await client.get('user/me', '');
  await client.put('user', 'search', { columns }, { pattern: 'A*', startletter: true });
  await client.put('user', 'update', { id: 3, timestamp: always }, { timezone: 'Europe/Vienna' });
  await client.put('user', 'setAttribute', { id: 3 }, { name: 'tour', value: 'x' });
  await client.get('user', 'getAttribute', { id: 3, name: 'tour' });
  for (const [module, body] of [
    ['group', { name: 'tour', display_name: 'Tour', members: [3] }],
    ['resource', { name: 'tour', display_name: 'Tour', mailaddress: 'tour@example.com' }],
  ] as const) {
    const { data } = await client.put<{ id: number }>(module, 'new', {}, body);
    const { id } = data;
    if (module === 'group') await client.put(module, 'all', { columns: '1' }, '');
    else await client.get(module, 'all');
    await client.get(module, 'get', { id });
    await client.put(module, 'list', {}, [{ id }]);
    await client.put(module, 'search', {}, { pattern: 'T*' });
    await client.put(module, 'update', { id, timestamp: always }, { display_name: 'Tour 2' });
    await client.get(module, 'updates', { timestamp: 0 });
    await client.put(module, 'delete', { timestamp: always }, module === 'group' ? { id } : [{ id }]);
  }
}

async function tourOfSettings(client: OxClient): Promise<void> {
  for (const path of [
    'identifier',
    'timezone',
    'mail',
    'folder/tasks',
    'availableModules',
    'modules/com.openexchange.usm.eas/module',
  ])
    await client.get(`config/${path}`, '');
  await client.put('config/modules/tour', '', {}, '{"a":1}');
  await client.put('config', 'set_property', { name: 'tour' }, { value: { on: true } });
  await client.get('config', 'get_property', { name: 'tour' });
  await client.get('capabilities', 'all');
  await client.get('capabilities', 'get', { id: 'active_sync' });
  for (const action of ['mail', 'filestore', 'get']) await client.get('quota', action);
  await client.put('jslob', 'set', { id: 'tour' }, { a: { b: 1 } });
  await client.put('jslob', 'update', { id: 'tour' }, { a: { c: 2 } });
  await client.put('jslob', 'list', {}, ['tour', 'io.ox/mail']);
  await client.get('jslob', 'all');
  const { data: snippet } = await client.put<string>(
    'snippet',
    'new',
    {},
    { displayname: 'Tour', content: '--', type: 'signature', module: 'io.ox/mail' },
  );
  await client.get('snippet', 'all', { type: 'signature' });
  await client.get('snippet', 'get', { id: snippet });
  await client.put('snippet', 'list', {}, [snippet]);
  await client.put('snippet', 'update', { id: snippet }, { content: '-- x' });
  await client.put('snippet', 'delete', { id: snippet }, '[]');
  await client.get('account', 'all', { columns: '1001,1006,1007' });
  await client.get('account', 'get', { id: 0 });
  await client.get('account', 'status');
  await client.get('sessionmanagement', 'all');
  await client.put('pns', 'subscribe', {}, { token: 'tour', transport: 'websocket', topics: ['ox:mail:new'] });
  await client.put('pns', 'unsubscribe', {}, { token: 'tour', transport: 'websocket' });
  await client.put('multiple', '', { continue: true }, [{ module: 'capabilities', action: 'all' }]);
  for (const module of ['mailfilter', 'mailfilter/v2']) {
    await client.get(module, 'config');
    const rule = {
      rulename: 'Tour',
      test: { id: 'true' },
      actioncmds: [{ id: 'vacation', days: '7', subject: 'Away', text: 'x', addresses: [] }],
      flags: ['vacation'],
    };
    const { data: id } = await client.put<number>(module, 'new', {}, rule);
    await client.get(module, 'list');
    await client.put(module, 'update', {}, { id, active: false });
    await client.put(module, 'reorder', {}, [id]);
    await client.put(module, 'getscript', {}, '');
    await client.put(module, 'delete', {}, { id });
    await client.put(module, 'deletescript', {}, '');
  }
}
