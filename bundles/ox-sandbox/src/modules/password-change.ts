import { oxError } from '../envelope/ox-error';
import { hashPassword, verifyPassword } from '../session/password';
import { asText } from './call';
import { type Module, waiting } from './module';

/** OX HTTP API, "Module passwordchange". */
export const passwordChange: Module = {
  update: waiting(async (call) => {
    const body = call.object();
    const known = call.context.users.passwordHash(call.user.id);
    const next = asText(body['new_password']);
    if (next === undefined) throw oxError('SVL-0002', 'new_password');
    if (!(await verifyPassword(asText(body['old_password']) ?? '', known))) throw oxError('LGI-0006');
    const password = await hashPassword(next);
    call.context.transaction(() => call.context.users.update(call.user.id, { password }));
    return {};
  }),
};
