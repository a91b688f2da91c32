import type { OxSandbox } from '../ox-sandbox';
import type { Account } from '../store/contexts';

/** The user that a command names. */
export function accountOf(sandbox: OxSandbox, login: unknown): Account {
  const account = sandbox.contexts.byLogin(String(login));
  if (!account) throw new Error(`there is no user ${String(login)}; sandbox:users lists them`);
  return account;
}
