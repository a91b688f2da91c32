import { oxError } from '../../envelope/ox-error';
import type { Module } from '../module';
import { type ObjectRules, checkWrite, findObject } from '../object-access';
import { changeAppointment, changeOccurrence } from './changing';
import { answerInvitation } from './confirm';
import { copyAppointment, createAppointment, folderId, openForCreation } from './creating';
import { deleteAppointments } from './deleting';
import { isMaster, wantsOccurrence } from './exceptions';

/** Creating, changing and deleting appointments. OX HTTP API, "Module calendar". */
export function writingCalendar(rules: ObjectRules): Module {
  return {
    new: (call) => {
      const body = call.object();
      const folder = folderId(body);
      if (folder === undefined) throw oxError('SVL-0002', 'folder_id');
      return createAppointment(call, openForCreation(call, folder, rules), { body });
    },

    update: (call) => {
      const body = call.object();
      const found = findObject(call, call.need('folder'), call.need('id'), rules);
      checkWrite(call, found, rules);
      if (isMaster(found.stored) && wantsOccurrence(body)) return changeOccurrence(call, found, { body });
      return changeAppointment(call, found, { body }, rules);
    },

    delete: (call) => deleteAppointments(call, rules),

    confirm: (call) => answerInvitation(call, rules),

    copy: (call) => {
      const found = findObject(call, call.need('folder'), call.need('id'), rules);
      const folder = openForCreation(call, folderId(call.object()) ?? String(found.folder.id), rules);
      return copyAppointment(call, found, folder, { ignore_conflicts: call.flag('ignore_conflicts') });
    },
  };
}
