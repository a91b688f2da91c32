/**
 * Opens the framework of a store, does one operation, and kills itself with SIGKILL at the nth step into the file
 * system. Usage: dying-host <store> install|update|disable <n> <archive of a> <archive of b>
 */
import { join } from 'node:path';
import { createFramework } from '../../src';
import { watchSteps } from './mortal-fs';
import { operate, type StoreOperation } from './store-operations';

const [store = '', operation = '', step = '', archiveOfA = '', archiveOfB = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const framework = createFramework({ store, bundleFolder: join(store, 'bundle.d') });
  await framework.start();
  let left = Number(step);
  const watch = watchSteps(() => {
    if (--left <= 0) process.kill(process.pid, 'SIGKILL');
    return true;
  });
  await operate(framework, operation as StoreOperation, { a: archiveOfA, b: archiveOfB });
  watch[Symbol.dispose]();
  await framework.stop();
}

void main();
