import { findProgram } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareFolders } from '../support/hello-bundle';
import { stopAll } from '../support/launch';
import { killAll, MainProcess, oxtender } from '../support/main-process';

const cli = join(__dirname, '../../../bin/oxtender.js');

/** Types a line and Tab in bash: what `complete` would offer. */
const inBash = `
source <(oxtender completion bash)
COMP_WORDS=("$@")
COMP_CWORD=$(( $# - 1 ))
_oxtender
printf '%s\\n' "\${COMPREPLY[@]}"
`;

/** Types a line and Tab in an interactive zsh on a terminal of its own; prints the line as it is then. */
const inZsh = `
zmodload zsh/zpty
zpty terminal zsh -f -i
zpty -w terminal "PS1= PROMPT_EOL_MARK= fpath=($1 \\$fpath)"
zpty -w terminal 'bindkey -e; autoload -Uz compinit; compinit -u -D; setopt no_beep no_auto_list; print -r -- be""gin'
zpty -r terminal shown '*begin*'
zpty -n -w terminal "$2"$'\\t'
zpty -n -w terminal $'\\C-a: ; print -r -- li""ne:"\\C-e":en""d\\n'
zpty -r terminal shown '*line:*:end*'
print -r -- "$shown"
zpty -d terminal
`;

describe('completion', function () {
  this.timeout(120_000);
  let folders: ReturnType<typeof prepareFolders>;
  let bin: string;

  before(async () => {
    folders = prepareFolders();
    const host = MainProcess.start(folders.data, folders.args);
    await host.ready();
    bin = join(folders.data, '..', 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'oxtender'), `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`);
    chmodSync(join(bin, 'oxtender'), 0o755);
  });

  after(async () => {
    await killAll();
    await stopAll();
  });

  const shell = (program: string, args: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, OXTENDER_DATA: folders.data, TERM: 'dumb' };
      execFile(program, args, { env }, (error, out) =>
        error ? reject(new Error(`${program} failed`, { cause: error })) : resolve(out),
      );
    });

  it('bash completes commands, options and names', async function () {
    if (!findProgram('bash')) return this.skip();
    const offered = async (...words: string[]): Promise<string[]> =>
      (await shell('bash', ['-c', inBash, 'bash', 'oxtender', ...words])).split('\n').filter(Boolean);
    expect(await offered('startl')).to.deep.equal(['startlevel']);
    expect(await offered('log', '')).to.deep.equal(['get', 'level', 'tail']);
    expect(await offered('stop', 'test.h')).to.deep.equal(['test.hello']);
    expect(await offered('stop', '--dr')).to.deep.equal(['--dry-run']);
  });

  it('zsh completes commands, options and names', async function () {
    if (!findProgram('zsh')) return this.skip();
    const functions = join(folders.data, '..', 'functions');
    mkdirSync(functions);
    writeFileSync(join(functions, '_oxtender'), (await oxtender(['completion', 'zsh'])).out);
    const typed = async (line: string): Promise<string> => {
      const shown = await shell('zsh', ['-f', '-c', inZsh, 'zsh', functions, line]);
      return /line:([^"\r\n]*):end/.exec(shown)?.[1] ?? shown;
    };
    expect(await typed('oxtender startl')).to.equal('oxtender startlevel');
    expect(await typed('oxtender stop test.h')).to.equal('oxtender stop test.hello');
    expect(await typed('oxtender stop --dr')).to.equal('oxtender stop --dry-run');
  });
});
