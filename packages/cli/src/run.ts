import { ConfigError } from '@holdfast/analysis/config';
import { Command, CommanderError, Option } from 'commander';
import { check, type CheckOptions } from './commands/check.js';
import { guard, type GuardOptions } from './commands/guard.js';
import { exitCodes } from './exit-codes.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** Runs the command with the arguments after its name. Returns the exit code; writes only to the terminal it is given. */
export function run(args: readonly string[], terminal: Terminal, version: string): number {
  let code: number = exitCodes.clean;
  const program = new Command('holdfast')
    .description('Find outbound calls that nothing guards, and guard them.')
    .version(version, '--version')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.notes });

  program
    .command('check')
    .description('report outbound calls that nothing guards, and guards that cannot do their work')
    .argument('[paths...]', 'files and folders to report on (default: the whole project)')
    .addOption(projectOption())
    .addOption(
      new Option('--format <format>', 'how to write the findings').choices(['pretty', 'json']).default('pretty'),
    )
    .addOption(
      new Option('--preset <preset>', 'strict adds what rests on code out of sight')
        .choices(['recommended', 'strict'])
        .default('recommended'),
    )
    .addHelpText('after', '\nExit codes: 0 nothing found, 1 findings, 2 could not run.')
    .action((paths: string[], options: CheckOptions) => {
      code = check(paths, options, terminal);
    });

  program
    .command('guard')
    .description('show how the unguarded calls would be guarded; write it with --write')
    .argument('[paths...]', 'files and folders to change (default: the whole project)')
    .addOption(projectOption())
    .option('--write', 'write the changes')
    .option('--report <file>', 'write what was guarded, skipped and refused as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing left to guard, 1 changes not written, calls skipped or files refused, 2 could not run.',
    )
    .action((paths: string[], options: GuardOptions) => {
      code = guard(paths, options, terminal);
    });

  try {
    program.parse(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.failed;
    const reason = error instanceof Error ? error : new Error(String(error));
    const isTheirs = reason instanceof UsageError || reason instanceof ConfigError;
    terminal.notes(`holdfast: ${isTheirs ? reason.message : (reason.stack ?? reason.message)}\n`);
    return exitCodes.failed;
  }
}

function projectOption(): Option {
  return new Option('--project <tsconfig>', 'the tsconfig.json of the project (default: the nearest)');
}
