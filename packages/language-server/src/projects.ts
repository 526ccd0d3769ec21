import type { Edit } from '@holdfast/analysis';
import { withOlderDefaults } from '@holdfast/analysis/config';
import ts from 'typescript';
import type { Log } from './log.js';
import type { Watching } from './watching.js';

/** The projects of the files that are open. */
export interface Projects {
  open(fileName: string, text: string): void;
  edit(fileName: string, edit: Edit): void;
  close(fileName: string): void;
  /** The program of the project that an open file belongs to, as all open files are now. */
  programOf(fileName: string): ts.Program | undefined;
}

/**
 * Has the project service of tsserver find the project of each file, hold one program for all files of a project and follow edits: so
 * both servers judge a file in the same project.
 */
export function createProjects(watching: Watching, log: Log): Projects {
  const service = new ts.server.ProjectService({
    host: createHost(watching, log),
    logger,
    cancellationToken: { isCancellationRequested: () => false },
    useSingleInferredProject: false,
    useInferredProjectPerProjectRoot: false,
    session: undefined,
    eventHandler(event) {
      if (event.eventName === ts.server.ProjectLoadingFinishEvent) judgeAsItsOwnCompiler(event.data.project);
      if (event.eventName !== ts.server.ConfigFileDiagEvent) return;
      const { configFileName, diagnostics } = event.data;
      const problems = diagnostics
        .filter(({ category, code }) => category === ts.DiagnosticCategory.Error && !toleratedErrors.has(code))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
      if (problems.length > 0) log.warn(`${configFileName}: ${problems.join(' ')}`);
    },
  });
  service.setCompilerOptionsForInferredProjects({
    allowJs: true,
    module: ts.ModuleKind.ESNext as never,
    moduleResolution: ts.ModuleResolutionKind.Bundler as never,
    target: ts.ScriptTarget.ESNext as never,
    jsx: ts.JsxEmit.Preserve as never,
  });
  return {
    open: (fileName, text) => void service.openClientFile(fileName, text),
    edit: (fileName, { start, end, text }) => service.getScriptInfo(fileName)?.editContent(start, end, text),
    close: (fileName) => service.closeClientFile(fileName),
    programOf(fileName) {
      const project = service.getDefaultProjectForFile(ts.server.toNormalizedPath(fileName), true);
      return project?.getLanguageService().getProgram();
    },
  };
}

/** A project of an older TypeScript has the defaults of that one, as it has in tsserver. */
function judgeAsItsOwnCompiler(project: ts.server.Project): void {
  if (!(project instanceof ts.server.ConfiguredProject)) return;
  const options = project.getCompilationSettings();
  const own = withOlderDefaults(ts, options, project.getConfigFilePath());
  if (own === options) return;
  project.setCompilerOptions(own);
  project.updateGraph();
}

/**
 * No files yet; options, or values of options, that this version of TypeScript does not know or will not know much longer, and the
 * project's own may.
 */
const toleratedErrors = new Set([18002, 18003, 5023, 5025, 5101, 5107, 6046]);

/** The machine without plugins, whose faults would be ours; what runs later may fail no less than what runs now. */
function createHost({ watchFile, watchDirectory }: Watching, log: Log): ts.server.ServerHost {
  const safely =
    <Args extends unknown[]>(callback: (...args: Args) => void) =>
    (...args: Args): void =>
      log.attempt(undefined, () => callback(...args));
  const { require: _, ...system } = ts.sys as ts.server.ServerHost;
  return {
    ...system,
    watchFile: (path, callback, ...rest) => watchFile(path, safely(callback), ...rest),
    watchDirectory: (path, callback, ...rest) => watchDirectory(path, safely(callback), ...rest),
    setTimeout: (callback, ms, ...args) => setTimeout(safely(callback), ms, ...args),
    clearTimeout,
    setImmediate: (callback, ...args) => setImmediate(safely(callback), ...args),
    clearImmediate,
  };
}

const logger: ts.server.Logger = {
  close: () => undefined,
  hasLevel: () => false,
  loggingEnabled: () => false,
  perftrc: () => undefined,
  info: () => undefined,
  startGroup: () => undefined,
  endGroup: () => undefined,
  msg: () => undefined,
  getLogFileName: () => undefined,
};
