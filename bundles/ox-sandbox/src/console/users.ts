import type { CommandCall, ConsoleCommand } from '@oxtender/bundle-api';
import type { OxSandbox } from '../ox-sandbox';

/** `oxtender sandbox:users` */
export function usersCommand(sandbox: OxSandbox): ConsoleCommand {
  return {
    name: 'sandbox:users',
    description: 'List the users of the embedded Open-Xchange server',
    run: () =>
      Promise.resolve(
        sandbox.contexts.all().flatMap((context) =>
          context.users.all().map((user) => ({
            context: context.id,
            id: user.id,
            login: user.login,
            name: user.displayName,
            mail: user.mail,
            timezone: user.timezone,
          })),
        ),
      ),
  };
}

/** `oxtender sandbox:user-add` */
export function userAddCommand(sandbox: OxSandbox): ConsoleCommand {
  return {
    name: 'sandbox:user-add',
    description: 'Add a user to the embedded Open-Xchange server',
    args: [{ name: 'login', description: 'Login name, for example carol@example.com', required: true }],
    options: [
      { name: 'password', description: 'Password of the user', required: true },
      { name: 'name', description: 'Display name; default the part of the login before the @' },
      { name: 'mail', description: 'Mail address; default the login' },
      { name: 'timezone', description: 'Time zone; default Europe/Berlin' },
      { name: 'context', description: 'Context id', type: 'number', default: 1 },
    ],
    run: async (call) => {
      const { context, ...user } = newUser(sandbox, call);
      const { id, login } = await sandbox.contexts
        .open(context)
        .addUser({ ...user, password: String(call.options['password']) });
      return { id, login };
    },
    preview: (call) => Promise.resolve(newUser(sandbox, call)),
  };
}

interface NewUser {
  readonly context: number;
  readonly login: string;
  readonly mail: string;
  readonly displayName: string;
  readonly timezone?: string;
}

/** @throws Error when there is such a user, or the address is none */
function newUser(sandbox: OxSandbox, { args, options }: CommandCall): NewUser {
  const [login = ''] = args;
  if (sandbox.contexts.byLogin(login)) throw new Error(`user ${login} exists already`);
  const mail = typeof options['mail'] === 'string' ? options['mail'] : login;
  if (!mail.includes('@')) throw new Error(`${mail} is no mail address`);
  return {
    context: Number(options['context'] ?? 1),
    login,
    mail,
    displayName: typeof options['name'] === 'string' ? options['name'] : (login.split('@')[0] ?? login),
    ...(typeof options['timezone'] === 'string' ? { timezone: options['timezone'] } : {}),
  };
}
