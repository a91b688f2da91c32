import type { Framework } from '@oxtender/bundle-api';
import { systemClock } from '../framework/clock';
import { HostFramework } from '../framework/host-framework';
import type { FrameworkOptions } from './framework-options';
import { HostServices } from './host-services';
import { DeployFolder } from './deploy-folder';
import { OperatorAccess } from './operator-access';

/**
 * Makes a framework with all that the host has: components, configurations, events, health, the HTTP whiteboard. OSGi
 * Core, "FrameworkFactory". The program `oxtender run` comes in by this door, too.
 *
 * @returns the system bundle; nothing runs before `init` or `start`
 * @throws Error when a setting of the host itself is wrong
 */
export function createFramework(options: FrameworkOptions = {}): Framework {
  return assemble(options).framework.system;
}

/** The framework, and the parts around it for those inside the host. */
export function assemble(options: FrameworkOptions): { framework: HostFramework; services: HostServices } {
  const { store, dataFolder, bundleFolder, guardProcess, adminFolder, deployFolder } = options;
  const clock = options.clock ?? systemClock;
  const services = new HostServices({ ...options, clock });
  const { http, components, configurations } = services;
  const framework = new HostFramework({
    ...(store !== undefined && { store }),
    ...(dataFolder !== undefined && { dataFolder }),
    ...(bundleFolder !== undefined && { bundleFolder }),
    ...(guardProcess !== undefined && { guardProcess }),
    clock,
    logger: services.log,
    properties: services.frameworkProperties,
    extenders: [
      ...(adminFolder === undefined ? [] : [new OperatorAccess(adminFolder, services)]),
      http.whiteboard,
      components,
      configurations,
      services,
      ...(deployFolder === undefined ? [] : [new DeployFolder(deployFolder, services, store)]),
      ...(options.extenders ?? []),
    ],
  });
  return { framework, services };
}
