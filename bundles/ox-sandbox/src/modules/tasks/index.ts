import { Json } from '../../envelope/envelope';
import { oxError } from '../../envelope/ox-error';
import { asText } from '../call';
import { idOf } from '../ids';
import { like, startsLike } from '../like';
import type { Module } from '../module';
import { checkWrite, covers, findObject, openFolder, reference, visibleObjects } from '../object-access';
import { columnsOf, orderOf, readingActions } from '../object-reading';
import { standardFolder, taskRules } from './rules';
import { changeTask, createTask } from './writing';

/** OX HTTP API, "Module tasks". */
export const tasks: Module = {
  ...readingActions(taskRules),

  new: (call) => {
    const body = call.object();
    const folder = asText(body['folder_id']);
    if (folder === undefined) throw oxError('TSK-0027');
    const open = openFolder(call, folder, taskRules);
    if (open.rights.folder < 2) throw oxError('TSK-0025', folder);
    const id = createTask(call, open.folder, body);
    return { data: { id: idOf(call, id) }, timestamp: call.context.tasks.stored(id)?.last_modified ?? 0 };
  },

  update: (call) => {
    const found = findObject(call, call.need('folder'), call.need('id'), taskRules);
    checkWrite(call, found, taskRules);
    return { data: {}, timestamp: changeTask(call, found, call.object()) };
  },

  delete: (call) => {
    const kept: string[] = [];
    let timestamp = 0;
    for (const element of call.objects()) {
      const { folder, id } = reference(element);
      const found = findObject(call, folder, id, taskRules);
      if (!covers(found.rights.delete, found, call.user.id)) throw oxError('TSK-0014');
      if (found.stored.last_modified > call.timestamp) kept.push(id);
      else timestamp = call.context.tasks.delete(found.stored.id);
    }
    return { data: kept, timestamp };
  },

  confirm: (call) => {
    const found = findObject(call, call.need('folder'), call.need('id'), taskRules);
    const { confirmation, confirmmessage } = call.object();
    const { tasks: objects } = call.context;
    const own = objects.participations(found.stored.id).find(({ user }) => user === call.user.id);
    if (!own) throw oxError('TSK-0018', call.user.id);
    const message = asText(confirmmessage) ?? null;
    objects.participate(found.stored.id, { ...own, confirm: Number(confirmation), message });
    return { data: {}, timestamp: objects.update(found.stored.id, {}, call.user.id) };
  },

  search: (call) => {
    const { folder, pattern, startletter, start, end } = call.object();
    const id = asText(folder) ?? String(call.context.folders.standard(call.user.id, standardFolder)?.id);
    let filter = visibleObjects(call, openFolder(call, id, taskRules), taskRules);
    if (typeof pattern === 'string' && pattern !== '') {
      const wanted = startletter === true ? startsLike(pattern) : like(pattern);
      filter = filter.and(`t.title LIKE ? ESCAPE '\\' OR t.note LIKE ? ESCAPE '\\'`, wanted, wanted);
    }
    if (typeof start === 'number') filter = filter.and('t.end_time IS NULL OR t.end_time >= ?', start);
    if (typeof end === 'number') filter = filter.and('t.start_time IS NULL OR t.start_time < ?', end);
    const { tasks: objects } = call.context;
    const { rows, newest } = objects.rows(columnsOf(call, objects), call.viewer, filter, orderOf(call, objects));
    return { data: Json.array(rows), timestamp: newest };
  },
};
