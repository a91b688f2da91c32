import { createFramework } from '../../src';

/**
 * A program of its own, since the heap of a whole test run takes minutes to read: updates the bundle in the folder that
 * is given, and prints what holds its old generation.
 */
async function main(folder: string): Promise<void> {
  const framework = createFramework();
  await framework.start();
  const bundle = await framework.context!.installBundle(folder);
  await bundle.start();
  await bundle.update();
  const [held] = await framework.operator.leaks({ holders: true });
  process.stdout.write(JSON.stringify(held?.heldBy ?? []));
  await framework.stop();
}

void main(process.argv[2]!);
