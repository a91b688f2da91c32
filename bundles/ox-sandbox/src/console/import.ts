import type { ConsoleCommand } from '@oxtender/bundle-api';
import { stat } from 'node:fs/promises';
import { Importer } from '../import/importer';
import type { OxSandbox } from '../ox-sandbox';
import { accountOf } from './account';

/** `oxtender sandbox:import` */
export function importCommand(sandbox: OxSandbox): ConsoleCommand {
  return {
    name: 'sandbox:import',
    description: 'Bring .vcf, .ics, .eml and mbox files into the standard folders of a user',
    args: [{ name: 'file', description: 'Files to bring in', required: true, many: true, file: true }],
    options: [{ name: 'user', description: 'Login name', required: true }],
    run: async (call) => {
      const { args, options, signal } = call;
      const importer = new Importer(sandbox, accountOf(sandbox, options['user']));
      for (const path of args) {
        signal.throwIfAborted();
        call.progress(path);
        await importer.file(path);
      }
      return importer.report;
    },
    preview: async ({ args, options }) => {
      accountOf(sandbox, options['user']);
      return Promise.all(args.map(async (file) => ({ file, bytes: (await stat(file)).size })));
    },
  };
}
