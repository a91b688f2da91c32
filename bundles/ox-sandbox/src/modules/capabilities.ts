import type { Call } from './call';
import type { Module } from './module';

/** What every user may do here. */
const capabilities = [
  'active_sync',
  'calendar',
  'conflict_handling',
  'contacts',
  'delegate_tasks',
  'edit_public_folders',
  'freebusy',
  'gab',
  'mailfilter',
  'mailfilter_v2',
  'mobility',
  'read_create_shared_folders',
  'tasks',
  'usm',
  'vacationnotice',
  'webmail',
] as const;

/** OX HTTP API, "Module capabilities"; 7.x and later. */
export const capabilitiesModule: Module = {
  all: (call) => ({ data: idsOf(call).map((id) => ({ id, attributes: {} })) }),

  get: (call) => {
    const id = call.need('id');
    return { data: idsOf(call).includes(id) ? { id, attributes: {} } : {} };
  },
};

function idsOf({ context, user, server }: Call): string[] {
  const denied = context.users.setting<string[]>(user.id, 'denied_capabilities') ?? [];
  const granted = [...capabilities, ...(server.options.webSocket ? ['websocket'] : [])];
  return granted.filter((id) => !denied.includes(id));
}
