import { runCommand } from './launch/command-line';
import { run } from './launch/run';

/** The host as a program: `node host/dist/src/main.js --data DIR --bundles DIR...`. The CLI is in `cli/main.ts`. */
runCommand(run)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
