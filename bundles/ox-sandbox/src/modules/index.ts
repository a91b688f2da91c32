import { contacts } from './contacts';
import type { Module } from './module';

/** Modules by path, as 7.10 has them. */
export const modules: Readonly<Record<string, Module>> = {
  contacts,
};

export const modulesOf6: Readonly<Record<string, Module>> = {
  contacts,
};
