import { type Cause, isFine } from './cause';

/** One plain sentence, then the chain. */
export function explanationText(cause: Cause): string {
  const root = rootOf(cause);
  const first = isFine(cause) ? `${capitalised(cause.what)}, nothing is wrong.` : sentence(cause, root);
  return [first, ...chain(cause, 0).slice(1)].join('\n');
}

function sentence(cause: Cause, root: Cause): string {
  const remedy = root.remedy === undefined ? '' : ` To change that: ${root.remedy}`;
  return root === cause
    ? `${capitalised(cause.what)}.${remedy}`
    : `${capitalised(cause.what)}, since ${root.what}.${remedy}`;
}

function chain(cause: Cause, depth: number): string[] {
  const arrow = depth === 0 ? '' : `${'  '.repeat(depth)}← `;
  return [`${arrow}${cause.what}`, ...cause.because.flatMap((each) => chain(each, depth + 1))];
}

/** The first cause that has no cause itself. */
function rootOf(cause: Cause): Cause {
  const next = cause.because.find((each) => !isFine(each));
  return next ? rootOf(next) : cause;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
