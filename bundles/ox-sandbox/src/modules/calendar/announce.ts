import type { Call } from '../call';

/** Tells the users who see the appointment that their calendars changed. */
export function announce(call: Call, id: number): void {
  const { context, server } = call;
  for (const { user, folder } of context.appointments.places(id)) {
    const users = user === 0 ? [call.user.id] : [user];
    for (const one of users)
      server.events.emit({ kind: 'calendar', context: context.id, user: one, folders: [folder] });
  }
}
