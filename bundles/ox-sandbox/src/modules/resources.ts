import { oxError } from '../envelope/ox-error';
import type { Resource } from '../store/resources';
import { type Call, asText } from './call';
import type { Module } from './module';

/** OX HTTP API, "Module resource". */
export const resources: Module = {
  all: (call) => ({ data: call.context.resources.all().map(({ id }) => id) }),

  get: (call) => ({ data: written(resourceOf(call, call.needInt('id'))) }),

  list: (call) => ({ data: call.objects().map(({ id }) => written(resourceOf(call, Number(id)))) }),

  search: (call) => {
    const pattern = (asText(call.object()['pattern']) ?? '*').toLowerCase().replaceAll('*', '');
    const found = call.context.resources
      .all()
      .filter(({ name, display_name: title, mailaddress }) =>
        [name, title, mailaddress ?? ''].some((text) => text.toLowerCase().includes(pattern)),
      );
    return { data: found.map(written) };
  },

  new: (call) => {
    const { id, last_modified: timestamp } = save(call, {});
    return { data: { id }, timestamp };
  },

  update: (call) => {
    const { last_modified: timestamp } = save(call, resourceOf(call, call.needInt('id')));
    return { data: {}, timestamp };
  },

  delete: (call) => {
    for (const { id } of call.objects()) call.context.resources.delete(resourceOf(call, Number(id)).id);
    return { data: [] };
  },

  updates: (call) => {
    const since = call.needInt('timestamp');
    const changed = call.context.resources.all().filter(({ last_modified: stamp }) => stamp > since);
    const graves = call.context.db.rows<{ id: number; last_modified: number }>(
      `SELECT id, last_modified FROM tombstone WHERE module = 'resource' AND last_modified > ?`,
      since,
    );
    return {
      data: { new: [], modified: changed.map(written), deleted: graves.map(({ id }) => ({ id })) },
      timestamp: Math.max(since, ...[...changed, ...graves].map((entry) => entry.last_modified)),
    };
  },
};

/** As it goes into JSON: without what is not set. */
function written(resource: Resource): object {
  return Object.fromEntries(Object.entries(resource).filter(([, value]) => value !== null));
}

function resourceOf({ context }: Call, id: number): Resource {
  const resource = context.resources.get(id);
  if (!resource) throw oxError('RES-0002', id);
  return resource;
}

function save(call: Call, known: Partial<Resource>): Resource {
  const body = call.object();
  return call.context.resources.save({
    ...known,
    name: asText(body['name']) ?? known.name ?? '',
    display_name: asText(body['display_name']) ?? known.display_name ?? '',
    mailaddress: asText(body['mailaddress']) ?? known.mailaddress ?? null,
    description: asText(body['description']) ?? known.description ?? null,
  });
}
