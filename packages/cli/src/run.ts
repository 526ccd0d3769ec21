import { ConfigError } from '@holdfast/analysis/config';
import { JournalError, migrationSources, StalePlanError } from '@holdfast/codemods';
import { Command, CommanderError, Option } from 'commander';
import { check, formats, type CheckOptions } from './commands/check.js';
import { explain } from './commands/explain.js';
import { change, type ChangeOptions, type Codemod } from './changes.js';
import { guard } from './commands/guard.js';
import { map, mapFormats, type MapOptions } from './commands/map.js';
import { migrate } from './commands/migrate.js';
import { init, type InitOptions } from './commands/init.js';
import { undo, type UndoOptions } from './commands/undo.js';
import { exitCodes } from './exit-codes.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** Runs the command with the arguments after its name. Returns the exit code; writes only to the terminal it is given. */
export async function run(args: readonly string[], terminal: Terminal, version: string): Promise<number> {
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
    .addOption(new Option('--format <format>', 'how to write the findings').choices([...formats]).default('pretty'))
    .addOption(
      new Option('--preset <preset>', 'strict adds what rests on code out of sight')
        .choices(['recommended', 'strict'])
        .default('recommended'),
    )
    .option('--baseline <file>', 'report only what is not in this file')
    .option('--update-baseline', 'write everything that is found to the baseline, and report nothing')
    .addHelpText('after', '\nExit codes: 0 nothing found, 1 findings, 2 could not run.')
    .action((paths: string[], options: CheckOptions) => {
      code = check(paths, options, version, terminal);
    });

  program
    .command('map')
    .description('draw entry points, what they call and what that goes to, with guards, worst cases and gaps')
    .argument('[paths...]', 'files and folders to show the ways of (default: the whole project)')
    .addOption(projectOption())
    .addOption(new Option('--format <format>', 'how to write the map').choices([...mapFormats]).default('html'))
    .addHelpText('after', '\nExit codes: 0 drawn, 2 could not run.')
    .action((paths: string[], options: MapOptions) => {
      code = map(paths, options, terminal);
    });

  const changing = (codemod: Codemod, command: Command): Command =>
    command
      .argument('[paths...]', 'files and folders to change (default: the whole project)')
      .addOption(projectOption())
      .option('--write', 'write the changes')
      .option('--interactive', 'ask about each change')
      .option('--allow-dirty', 'write to files with uncommitted changes too')
      .option('--report <file>', 'write what became of every call, as JSON, or as Markdown into a file named .md')
      .option('--json', 'write that report to standard output instead of the changes')
      .addHelpText(
        'after',
        '\nExit codes: 0 nothing left to do, 1 changes not written, calls skipped or files refused, 2 could not run.',
      )
      .action(async (paths: string[], options: ChangeOptions) => {
        code = await change(codemod, paths, options, version, terminal);
      });
  changing(
    guard,
    program
      .command('guard')
      .description('show how the unguarded calls would be guarded; write it with --write')
      .option('--idempotency-keys', 'give writes a key, and a retry with it, where their client documents one'),
  );

  const migration = program
    .command('migrate')
    .description('replace another library, or what was written by hand, by Holdfast');
  for (const source of migrationSources) {
    const what = source === 'handwritten' ? 'retry loops and races against a timer' : `calls of ${source}`;
    changing(
      migrate(source),
      migration.command(source).description(`show how ${what} would be replaced; write it with --write`),
    );
  }
  // Last, or the commands below would say it of their options.
  migration.showHelpAfterError(`It knows ${migrationSources.join(', ')}.`);

  program
    .command('undo')
    .description('give the files of a run of guard or migrate back as they were')
    .argument('[run]', 'which run (default: the last)')
    .option('--list', 'show the runs that can be undone')
    .option('--keep-edited', 'leave files that were edited since as they are, and undo the rest')
    .addHelpText('after', '\nExit codes: 0 undone, 1 undone but for edited files, 2 could not run.')
    .action((id: string | undefined, options: UndoOptions) => {
      code = undo(id, options, terminal);
    });

  program
    .command('init')
    .description('show how a package is set up: ESLint, the editor, what to install; write it with --write')
    .option('--write', 'write the changes')
    .addHelpText('after', '\nExit codes: 0 everything is set up, 1 something is left to do, 2 could not run.')
    .action((options: InitOptions) => {
      code = init(options, terminal);
    });

  program
    .command('explain')
    .description('show the documentation of a rule, an error code, or a reason for skipping a call')
    .argument('<id>', 'such as no-unguarded-outbound-call, HOLDFAST_TIMEOUT or fire-and-forget')
    .action((id: string) => {
      code = explain(id, terminal);
    });

  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.failed;
    const reason = error instanceof Error ? error : new Error(String(error));
    const isTheirs = [UsageError, ConfigError, JournalError, StalePlanError].some((kind) => reason instanceof kind);
    terminal.notes(`holdfast: ${isTheirs ? reason.message : (reason.stack ?? reason.message)}\n`);
    return exitCodes.failed;
  }
}

function projectOption(): Option {
  return new Option('--project <tsconfig>', 'the tsconfig.json of the project (default: the nearest)');
}
