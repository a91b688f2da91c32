import { folders } from './folders';
import type { Module } from './module';

/** OX HTTP API, "Module sync": empties the folders that a device is to load again. */
export const sync: Module = {
  refresh_server: (call) => folders['clear']?.(call) ?? {},
};
