import type { Framework } from '@oxtender/bundle-api';

export type StoreOperation = 'install' | 'update' | 'disable';

/** What is interrupted in the tests of the store; `a` is installed and runs. */
export async function operate(
  framework: Framework,
  operation: StoreOperation,
  archives: { readonly a: string; readonly b: string },
): Promise<void> {
  const context = framework.context!;
  const a = context.getBundle('a')!;
  if (operation === 'install') await (await context.installBundle('b', archives.b)).start();
  else if (operation === 'update') await a.update(archives.a);
  else await framework.operator.setEnabled(a, false);
}
