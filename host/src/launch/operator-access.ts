import { OperatorCommands } from '@oxtender/bundle-api';
import { join } from 'node:path';
import { AdminSocket } from '../admin/admin-socket';
import { AuditTrail } from '../admin/audit-trail';
import { CommandRunner } from '../admin/command-runner';
import { CommandSet } from '../admin/command-set';
import { hostCommands } from '../admin/commands';
import { metaCommands } from '../admin/commands/meta';
import { supportDumpCommands } from '../admin/commands/support-dump';
import { completionsOf } from '../admin/completions';
import { OperatorDoor } from '../admin/operator-door';
import { socketPath } from '../admin/socket-path';
import { hostDoctor } from '../doctor/host-doctor';
import type { Extender } from '../framework/extender';
import type { HostFramework } from '../framework/host-framework';
import type { HostServices } from './host-services';

/** Lets operators in: the CLI's socket, and the commands behind it (rule O1). */
export class OperatorAccess implements Extender {
  readonly name = 'operator access';
  readonly phase = 'configuration';
  readonly #socket: AdminSocket;

  constructor(
    private readonly folder: string,
    private readonly services: HostServices,
  ) {
    this.#socket = new AdminSocket(socketPath(folder), services.logging.logger('host.admin'));
  }

  /** @throws Error when another host runs on the folder */
  async prepare(): Promise<void> {
    await this.#socket.listen();
  }

  open(framework: HostFramework): void {
    this.#socket.open(this.#commandRunner(framework));
  }

  async close(): Promise<void> {
    await this.#socket[Symbol.asyncDispose]();
  }

  #commandRunner({ system, context }: HostFramework): CommandRunner {
    const { services } = this;
    const { components, configuration, configurations, events, health, logging, metrics, schedulers, clock } = services;
    const log = logging.logger('host.admin');
    const audit = new AuditTrail(join(this.folder, 'audit.log'), clock, log);
    const operated = {
      framework: system,
      context,
      clock,
      components,
      configuration,
      configurations,
      events,
      health,
      whiteboard: services.http.whiteboard,
      logging,
      metrics,
      preferences: services.preferences,
      schedulers,
      audit,
      log,
      data: this.folder,
      doctor: hostDoctor({ context, clock, data: this.folder, configuration, health }),
    };
    const commands: CommandSet = new CommandSet(context, [
      ...hostCommands(operated),
      ...metaCommands(operated, () => commands),
      ...supportDumpCommands(operated, () => commands),
    ]);
    const runner = new CommandRunner({
      commands,
      audit,
      log,
      completions: completionsOf(operated),
      isSecret: (pid, key) => configuration.schemas.get(pid)?.isSecret(key) === true,
    });
    context.registerService(OperatorCommands, new OperatorDoor(runner, commands, audit));
    return runner;
  }
}
