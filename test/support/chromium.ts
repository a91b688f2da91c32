import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const program = '/usr/bin/chromium';

/** Real Chromium that talks to nobody but the page; undefined where it is not installed. */
export async function launchChromium(): Promise<Browser | undefined> {
  if (!existsSync(program)) return undefined;
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath: program, args: [...args, ...quiet] });
}
