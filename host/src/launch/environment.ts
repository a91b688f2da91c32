import { env } from 'node:process';

/** The only reader of the process's environment: `${env:NAME}` in configurations, and what the terminal can do. */
export function environmentVariable(name: string): string | undefined {
  return env[name];
}
