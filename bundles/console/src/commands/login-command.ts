import type { CommandCall, ConsoleCommand } from '@oxtender/bundle-api';
import type { LoginLinks } from '../session/login-links';
import type { Operator, Role } from '../session/sessions';

export interface LoginCommandOptions {
  readonly links: () => LoginLinks;
  /** Where the console is. @throws Error when it does not listen, and why */
  readonly origin: () => string;
  readonly minutes: () => number;
}

interface Login {
  readonly link: string;
  readonly role: Role;
  readonly user: string;
  readonly minutes: number;
}

/** `oxtender console login`: who may open the admin socket may do everything, and gets in here. */
export function loginCommand({ links, origin, minutes }: LoginCommandOptions): ConsoleCommand {
  const planned = (call: CommandCall): Omit<Login, 'link'> => ({ ...operatorOf(call), minutes: minutes() });
  return {
    name: 'console login',
    description: 'a link to the web console that lets one person in, once',
    options: [
      { name: 'role', description: 'admin, or read: looks, and changes nothing', default: 'admin' },
      { name: 'user', description: 'name for the audit trail; default: yours' },
    ],
    run: (call) => {
      const { user, role } = operatorOf(call);
      const token = links().create({ name: user, role });
      // Behind a #, which browsers send to no server: it is in no log and no Referer.
      return Promise.resolve({ link: `${origin()}/login#${token}`, ...planned(call) });
    },
    preview: (call) => Promise.resolve(planned(call)),
    text: (result) => {
      const { link, role, user, minutes: time } = result as Partial<Login>;
      const good = `lets ${user ?? ''} in as ${role ?? ''}, once, within ${time ?? 0} minutes`;
      return link === undefined ? `a link that ${good}` : `${link}\n\n${good}`;
    },
  };
}

/** @throws Error for a role that there is not */
function operatorOf({ options, user }: CommandCall): { user: string } & Pick<Operator, 'role'> {
  const { role, user: given } = options;
  if (role !== 'admin' && role !== 'read') throw new Error('--role is admin or read');
  const name = typeof given === 'string' && given.trim() !== '' ? given.trim() : user;
  if (/[\r\n]/.test(name)) throw new Error('--user is a name on one line');
  return { user: name, role };
}
