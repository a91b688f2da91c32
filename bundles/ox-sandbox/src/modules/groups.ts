import { oxError } from '../envelope/ox-error';
import { type Group, allUsers } from '../store/groups';
import { type Call, asText } from './call';
import type { Module } from './module';

/** OX HTTP API, "Module group". */
export const groups: Module = {
  all: (call) => ({ data: call.context.groups.all() }),

  get: (call) => ({ data: groupOf(call, call.needInt('id')) }),

  list: (call) => ({ data: call.objects().map(({ id }) => groupOf(call, Number(id))) }),

  search: (call) => {
    const pattern = (asText(call.object()['pattern']) ?? '*').toLowerCase().replaceAll('*', '');
    return {
      data: call.context.groups
        .all()
        .filter(
          ({ name, display_name: title }) =>
            name.toLowerCase().includes(pattern) || title.toLowerCase().includes(pattern),
        ),
    };
  },

  new: (call) => {
    const { id, last_modified_utc: timestamp } = save(call, {});
    call.context.folders.invalidate();
    return { data: { id }, timestamp };
  },

  update: (call) => {
    const known = groupOf(call, call.needInt('id'));
    const { last_modified_utc: timestamp } = save(call, known);
    call.context.folders.invalidate();
    return { data: {}, timestamp };
  },

  delete: (call) => {
    for (const { id } of call.objects()) {
      const { id: known } = groupOf(call, Number(id));
      if (known === allUsers) throw oxError('SVL-0016', 'group');
      call.context.groups.delete(known);
    }
    call.context.folders.invalidate();
    return { data: [] };
  },

  updates: (call) => {
    const since = call.needInt('timestamp');
    const changed = call.context.groups.all().filter(({ last_modified_utc: stamp }) => stamp > since);
    const graves = call.context.db.rows<{ id: number; last_modified: number }>(
      `SELECT id, last_modified FROM tombstone WHERE module = 'group' AND last_modified > ?`,
      since,
    );
    const stamps = [
      ...changed.map(({ last_modified_utc: stamp }) => stamp),
      ...graves.map((grave) => grave.last_modified),
    ];
    return {
      data: { new: [], modified: changed, deleted: graves.map(({ id }) => ({ id })) },
      timestamp: Math.max(since, ...stamps),
    };
  },
};

function groupOf({ context }: Call, id: number): Group {
  const group = context.groups.get(id);
  if (!group) throw oxError('GRP-0017', id);
  return group;
}

function save(call: Call, known: Partial<Group>): Group {
  const { name, display_name: title, members } = call.object();
  return call.context.groups.save({
    ...(known.id === undefined ? {} : { id: known.id }),
    name: asText(name) ?? known.name ?? '',
    display_name: asText(title) ?? known.display_name ?? asText(name) ?? '',
    members: Array.isArray(members) ? (members as unknown[]).map(Number) : (known.members ?? []),
  });
}
