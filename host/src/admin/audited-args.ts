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
