import type { CommandParameter } from '@oxtender/bundle-api';

const revealing = /password|secret|token|credential/i;

/**
 * Arguments as the audit trail and the log may keep them: values of secret keys are left out.
 *
 * @param isSecret - true for a key of a configuration that its schema marks `x-secret`
 */
export function auditedArgs(
  command: string,
  args: readonly string[],
  isSecret: (pid: string, key: string) => boolean,
): string[] {
  const [pid = ''] = args;
  return args.map((argument) => {
    const at = argument.indexOf('=');
    const key = argument.slice(0, Math.max(0, at));
    const secret = at > 0 && (revealing.test(key) || (command === 'config set' && isSecret(pid, key)));
    return secret ? `${key}=***` : argument;
  });
}

/** Options that were given, as they are written; what the CLI takes as a secret is not. */
export function auditedOptions(
  parameters: readonly CommandParameter[],
  given: Readonly<Record<string, unknown>>,
): string[] {
  return parameters.flatMap(({ name, default: usual, secretOf }) => {
    const value = given[name] ?? given[name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())];
    if (value === undefined || value === false || value === usual) return [];
    if (value === true) return [`--${name}`];
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return [`--${name}=${secretOf !== undefined || revealing.test(name) ? '***' : text}`];
  });
}
