import type { ConsoleCommand } from '@oxtender/bundle-api';
import { cpus, totalmem, type as systemType, release } from 'node:os';
import { masked } from '../../configuration/values';
import { basePid, factoryPidOf } from '../../configuration/pid';
import { knownSecrets } from '../../support/known-secrets';
import { Redactor } from '../../support/redactor';
import type { CommandSet } from '../command-set';
import type { OperatedHost } from '../operated-host';
import { aborted } from './log';

/** What `dump` collects, each by the command that shows it. */
const collected = [
  'bundles',
  'scr list',
  'services',
  'http',
  'health',
  'jobs',
  'leaks',
  'boot',
  'config list',
  'log get',
  'history',
];

/** `dump`, `watch`: over other commands. */
export const metaCommands = (host: OperatedHost, commands: () => CommandSet): ConsoleCommand[] => [
  {
    name: 'dump',
    description: 'everything a supporter asks for, without secrets, as JSON',
    async run(call) {
      const parts: Record<string, unknown> = { system: systemInfo(host), configuration: configurations(host) };
      for (const name of collected) {
        call.progress(name);
        const command = commands().find(name)?.command;
        const defaults = Object.fromEntries((command?.options ?? []).map((option) => [option.name, option.default]));
        parts[name] = await command?.run({ ...call, args: [], options: defaults });
      }
      return new Redactor(knownSecrets(host.configuration)).value(parts);
    },
    text: (parts) => JSON.stringify(parts, null, 2),
  },
  {
    name: 'watch',
    description: 'the bundles and their health, again whenever something changes, until Ctrl-C',
    async run({ emit, signal, user }) {
      let told = '';
      while (!signal.aborted) {
        const [bundles, health] = await Promise.all([
          commands()
            .find('bundles')
            ?.command.run({ args: [], options: {}, user, signal, progress: nothing, emit: nothing }),
          host.health.report(),
        ]);
        const bad = health.checks
          .filter(({ status }) => status !== 'OK')
          .map(({ name, status, message }) => ({ status, check: name, message }));
        const now = JSON.stringify([bundles, bad]);
        if (now !== told) {
          emit(bundles);
          if (bad.length > 0) emit(bad);
        }
        told = now;
        await Promise.race([host.clock.sleep(1000, { signal }).catch(nothing), aborted(signal)]);
      }
    },
  },
];

function nothing(): void {
  // Watching shows no progress of its own.
}

export function systemInfo({ framework }: OperatedHost): object {
  return {
    host: framework.version,
    node: process.version,
    system: `${systemType()} ${release()}`,
    cpus: cpus().length,
    memory: totalmem(),
    uptime: Math.round(process.uptime()),
    startLevel: framework.startLevel.level,
  };
}

export function configurations({ configuration: { admin, schemas } }: OperatedHost): object {
  return Object.fromEntries(
    admin.listConfigurations().map(({ pid }) => [
      pid,
      masked(admin.evaluationOf(pid).properties ?? {}, schemas.get(factoryPidOf(pid) ?? basePid(pid)), {
        hashed: true,
      }),
    ]),
  );
}
