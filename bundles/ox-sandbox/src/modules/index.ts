import { calendar, calendarOf6 } from './calendar';
import { capabilitiesModule } from './capabilities';
import { config } from './config';
import { contacts } from './contacts';
import { folders } from './folders';
import { mail, mailOf6 } from './mail';
import type { Module } from './module';
import { contactPictures, imagePictures } from './pictures';
import { quota } from './quota';
import { tasks } from './tasks';

/** Modules of 6.x by path. */
export const modulesOf6: Readonly<Record<string, Module>> = {
  calendar: calendarOf6,
  config,
  contacts,
  folders,
  'halo/contact/picture': imagePictures,
  'image/contact/picture': imagePictures,
  'image/user/picture': imagePictures,
  mail: mailOf6,
  quota,
  tasks,
};

/** Modules of 7.10 by path. */
export const modules: Readonly<Record<string, Module>> = {
  ...modulesOf6,
  calendar,
  capabilities: capabilitiesModule,
  'contacts/picture': contactPictures,
  mail,
};
