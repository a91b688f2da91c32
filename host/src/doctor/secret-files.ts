import { existsSync, statSync } from 'node:fs';

/** A configuration as far as secrets stand in it, or in files that it names. */
export interface SecretSource {
  readonly file: string;
  /** As it is in the file. */
  readonly text: string;
  /** A value of a secret key stands in the file itself. */
  readonly hasSecret: boolean;
  /** Values as they are in force. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Files that configurations take secrets from: `${file:…}`, and private keys. */
export function secretFilesIn(configurations: readonly SecretSource[]): string[] {
  const named = configurations.flatMap(({ text, values }) => [
    ...Array.from(text.matchAll(/^[^#!].*?\$\{file:([^{}]+?)(?::-[^{}]*)?\}/gm), ([, path = '']) => path.trim()),
    ...Object.entries(values).flatMap(([key, value]) =>
      /(^|\.)key$/.test(key) && typeof value === 'string' ? [value] : [],
    ),
  ]);
  return [...new Set(named)].filter((path) => path !== '' && existsSync(path) && statSync(path).isFile());
}
