import type { MailCondition } from '@oxtender/bundle-api';

/** True when it matters somewhere in a condition whether files hang on a mail. */
export function asksForFiles({ hasAttachment, all = [], any = [], not }: MailCondition): boolean {
  return hasAttachment !== undefined || [...all, ...any, ...(not ? [not] : [])].some(asksForFiles);
}

/**
 * What a condition asks of mails that have files, or that have none: OX's filters cannot ask for that.
 *
 * @returns undefined when no such mail matches
 */
export function assumeFiles(condition: MailCondition, files: boolean): MailCondition | undefined {
  const { hasAttachment = files, all = [], any, not, ...rest } = condition;
  const each = all.map((part) => assumeFiles(part, files));
  const some = any?.map((part) => assumeFiles(part, files)).filter((part) => part !== undefined);
  const except = not && assumeFiles(not, files);
  if (hasAttachment !== files || each.includes(undefined) || some?.length === 0) return undefined;
  return {
    ...rest,
    ...(each.length > 0 && { all: each.filter((part) => part !== undefined) }),
    ...(some && { any: some }),
    ...(except && { not: except }),
  };
}
