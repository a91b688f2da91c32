import type { ApiRoute } from './api-call';
import { bundleRoutes } from './bundles';
import { componentRoutes } from './components';
import { configurationRoutes } from './configurations';
import { deviceRoutes } from './devices';
import { sessionRoutes } from './session';
import { watchingRoutes } from './watching';

/** Everything that a browser may ask for once an operator is logged in. */
export const apiRoutes: readonly ApiRoute[] = [
  ...sessionRoutes, // session, logout
  ...bundleRoutes, // bundles, and what is done to them
  ...componentRoutes, // services, components, routes
  ...configurationRoutes, // forms
  ...deviceRoutes, // devices, and what is done to them
  ...watchingRoutes, // health, live figures, log, audit trail
];
