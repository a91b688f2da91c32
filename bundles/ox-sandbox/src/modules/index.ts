import { accounts } from './accounts';
import { attachments } from './attachments';
import { calendar, calendarOf6 } from './calendar';
import { capabilitiesModule } from './capabilities';
import { chronos, chronosAlarms } from './chronos';
import { config } from './config';
import { contacts } from './contacts';
import { exporting } from './exporting';
import { folders } from './folders';
import { groups } from './groups';
import { importing } from './importing';
import { jslob } from './jslob';
import { mail, mailOf6 } from './mail';
import { mailFilter, mailFilterV2 } from './mailfilter';
import type { Imitation } from '../options';
import type { Module } from './module';
import { passwordChange } from './password-change';
import { contactPictures, imagePictures } from './pictures';
import { pns } from './pns';
import { quota } from './quota';
import { reminders } from './reminders';
import { resources } from './resources';
import { sessionManagement } from './session-management';
import { snippets } from './snippets';
import { sync } from './sync';
import { tasks } from './tasks';
import { currentUser, users } from './users';

/** Modules of 6.x by path. */
export const modulesOf6: Readonly<Record<string, Module>> = {
  account: accounts,
  attachment: attachments,
  calendar: calendarOf6,
  config,
  contacts,
  export: exporting,
  folders,
  group: groups,
  'halo/contact/picture': imagePictures,
  'image/contact/picture': imagePictures,
  'image/user/picture': imagePictures,
  import: importing,
  mail: mailOf6,
  mailfilter: mailFilter,
  passwordchange: passwordChange,
  quota,
  reminder: reminders,
  resource: resources,
  snippet: snippets,
  sync,
  tasks,
  user: users,
};

/** Modules of 7.10 by path. */
export const modules: Readonly<Record<string, Module>> = {
  ...modulesOf6,
  calendar,
  capabilities: capabilitiesModule,
  chronos,
  'chronos/alarm': chronosAlarms,
  'contacts/picture': contactPictures,
  jslob,
  mail,
  'mailfilter/v2': mailFilterV2,
  pns,
  sessionmanagement: sessionManagement,
  'user/me': currentUser,
};

const oldCalendar: ReadonlySet<string> = new Set(['calendar', 'reminder']);

const modulesOf8 = Object.fromEntries(Object.entries(modules).filter(([path]) => !oldCalendar.has(path)));

/** Modules by the version that is imitated. */
export const modulesOf: Readonly<Record<Imitation, Readonly<Record<string, Module>>>> = {
  '6.x': modulesOf6,
  '7.10': modules,
  '8.x': modulesOf8,
};
