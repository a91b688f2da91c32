import type { Context } from 'koa';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { send } from '@koa/send';
import { ConsoleError } from '../console-error';

/** What Vite made of the folder `web`. */
const folder = join(__dirname, '..', 'web');

/** The page, for every path that is one of its own, and the files that it names: their names change with their content. */
export async function sendPage(context: Context): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new ConsoleError('UNAVAILABLE', 'the page is not built: npm run build');
  }
  if (context.path.startsWith('/assets/') || context.path === '/icon.svg') {
    await send(context, context.path, { root: folder });
    context.set('Cache-Control', 'public, max-age=31536000, immutable');
    return;
  }
  context.set('Cache-Control', 'no-store');
  await send(context, 'index.html', { root: folder });
  context.set('Cache-Control', 'no-store');
}
