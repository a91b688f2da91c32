import { env } from 'node:process';

/** The only reader of the process's environment: `${env:NAME}` in configurations, the terminal, systemd, the data folder. */
export function environmentVariable(name: string): string | undefined {
  return env[name];
}
