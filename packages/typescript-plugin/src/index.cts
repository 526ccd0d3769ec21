import analysis = require('@holdfast/analysis');
import config = require('@holdfast/analysis/config');
import editor = require('@holdfast/analysis/editor');
import type ts from 'typescript/lib/tsserverlibrary';

/** Shows what the analysis finds, offers what would cure it, and tells what guards a call. tsserver calls this with its own compiler. */
function init({ typescript }: { readonly typescript: typeof ts }): ts.server.PluginModule {
  const projects = new Set<{ readonly project: ts.server.Project; configure(config: unknown): void }>();
  return {
    create(info) {
      const { languageService } = info;
      const log = (error: unknown): void => info.project.projectService.logger.info(`holdfast: ${describe(error)}`);
      const told = new Set<string>();
      /** Once: what is wrong is wrong at every key. */
      const warn = (problem: unknown): void => {
        const message = problem instanceof Error ? problem.message : String(problem);
        if (!told.has(message)) log(problem);
        told.add(message);
      };
      const configs = config.tolerantLoader(config.createConfigLoader({ ts: typescript, onWarning: log }), log);
      let settings = editor.parseEditorSettings(info.config, warn);
      // The program is a new object after each edit; until then every file shares one analysis.
      let analyzers = new WeakMap<ts.Program, analysis.Analyzer>();
      // An editor opens and closes projects all day, and may never send settings.
      for (const entry of projects) if (entry.project.isClosed()) projects.delete(entry);
      projects.add({
        project: info.project,
        configure(given) {
          settings = editor.parseEditorSettings(given, warn);
          analyzers = new WeakMap();
          info.project.refreshDiagnostics();
        },
      });

      /** A fault in here would cost the file what the editor itself knows of it. */
      const attempt = <T,>(otherwise: T, work: () => T): T => {
        try {
          return work();
        } catch (error) {
          warn(error);
          return otherwise;
        }
      };

      const opened = (fileName: string): { analyzer: analysis.Analyzer; file: ts.SourceFile } | undefined => {
        const program = languageService.getProgram();
        const file = program?.getSourceFile(fileName);
        if (!program || !file) return undefined;
        let analyzer = analyzers.get(program);
        if (!analyzer) {
          const options = {
            ts: typescript,
            program,
            preset: settings.preset,
            onError: warn,
          };
          analyzers.set(program, (analyzer = config.createConfiguredAnalyzer(options, configs)));
        }
        return { analyzer, file };
      };

      const findingsOf = (fileName: string): readonly analysis.Finding[] => {
        const at = opened(fileName);
        return at ? at.analyzer.analyze(at.file).filter(({ ruleId }) => settings.severityOf(ruleId) !== 'off') : [];
      };

      const refactoringsAt = (fileName: string, range: number | ts.TextRange): readonly editor.Refactoring[] => {
        const at = opened(fileName);
        const [start, end] = typeof range === 'number' ? [range, range] : [range.pos, range.end];
        return at ? at.analyzer.refactorings(at.file, { start, end }) : [];
      };

      const changesOf = (fileName: string, edits: readonly analysis.Edit[]): readonly ts.FileTextChanges[] => [
        {
          fileName,
          textChanges: edits.map(({ start, end, text }) => ({ span: { start, length: end - start }, newText: text })),
        },
      ];

      return decorated(languageService, {
        getSemanticDiagnostics: (fileName) => [
          ...languageService.getSemanticDiagnostics(fileName),
          ...attempt([], () => {
            const at = opened(fileName);
            return findingsOf(fileName).map((finding) =>
              toDiagnostic(typescript, at!.file, finding, settings, (name) => sourceOf(languageService, name)),
            );
          }),
        ],
        getSupportedCodeFixes: (fileName) => [
          ...languageService.getSupportedCodeFixes(fileName),
          ...analysis.checks.map(({ code }) => String(code)),
        ],
        getCodeFixesAtPosition: (fileName, start, end, errorCodes, formatOptions, preferences) => [
          ...languageService.getCodeFixesAtPosition(fileName, start, end, errorCodes, formatOptions, preferences),
          ...attempt([], () => {
            const at = opened(fileName);
            if (!at) return [];
            const findings = findingsOf(fileName).filter(({ code }) => errorCodes.includes(code));
            return editor.actionsAt(typescript, at.file, findings, { start, end }).map((action): ts.CodeFixAction => ({
              fixName: action.finding.ruleId,
              description: action.title,
              changes: [...changesOf(fileName, action.edits)],
              ...(action.all ? { fixId: action.all.id, fixAllDescription: action.all.title } : {}),
            }));
          }),
        ],
        getCombinedCodeFix: (scope, fixId, formatOptions, preferences) => {
          if (typeof fixId !== 'string' || !fixId.startsWith('holdfast:')) {
            return languageService.getCombinedCodeFix(scope, fixId, formatOptions, preferences);
          }
          const edits = attempt([], () => editor.editsForAll(findingsOf(scope.fileName), fixId));
          return { changes: changesOf(scope.fileName, edits) };
        },
        getApplicableRefactors: (fileName, range, preferences, reason, wanted, ...rest) => [
          ...languageService.getApplicableRefactors(fileName, range, preferences, reason, wanted, ...rest),
          ...attempt([], () =>
            refactoringsAt(fileName, range)
              .filter(({ kind }) => wanted === undefined || kind === wanted || kind.startsWith(`${wanted}.`))
              .map(({ name, title, kind, actions }): ts.ApplicableRefactorInfo => ({
                name: `holdfast:${name}`,
                description: title,
                actions: actions.map((action) => ({ name: action.name, description: action.title, kind })),
              })),
          ),
        ],
        getEditsForRefactor: (fileName, formatOptions, range, refactorName, actionName, ...rest) => {
          if (!refactorName.startsWith('holdfast:')) {
            return languageService.getEditsForRefactor(
              fileName,
              formatOptions,
              range,
              refactorName,
              actionName,
              ...rest,
            );
          }
          const edits = attempt(undefined, () =>
            refactoringsAt(fileName, range)
              .find(({ name }) => refactorName === `holdfast:${name}`)
              ?.actions.find(({ name }) => name === actionName),
          )?.edits;
          return edits && { edits: [...changesOf(fileName, edits)] };
        },
        getCompletionsAtPosition: (fileName, position, options, ...rest) => {
          const known = languageService.getCompletionsAtPosition(fileName, position, options, ...rest);
          const values = attempt([], () => {
            const at = opened(fileName);
            return at ? at.analyzer.completions(at.file, position) : [];
          });
          if (values.length === 0) return known;
          const takesSnippets = options?.includeCompletionsWithSnippetText === true;
          const written = values.map(({ text, detail, snippet }, index): ts.CompletionEntry => ({
            name: text,
            kind: typescript.ScriptElementKind.unknown,
            kindModifiers: '',
            // Above all others, the first one first.
            sortText: `0${String(index)}`,
            labelDetails: { description: detail },
            ...(takesSnippets && snippet !== undefined ? { insertText: snippet, isSnippet: true } : {}),
          }));
          const names = new Set(known?.entries.map(({ name }) => name));
          const added = written.filter(({ name }) => !names.has(name));
          const none = {
            isGlobalCompletion: false,
            isMemberCompletion: false,
            isNewIdentifierLocation: true,
            entries: [],
          };
          return { ...(known ?? none), entries: [...(known?.entries ?? []), ...added] };
        },
        getQuickInfoAtPosition: (fileName, position, ...rest) => {
          const info = languageService.getQuickInfoAtPosition(fileName, position, ...rest);
          const hover = attempt(undefined, () => {
            const at = opened(fileName);
            return at?.analyzer.hover(at.file, position);
          });
          if (!hover) return info;
          const { start, end } = hover.range;
          const known = info ?? {
            kind: typescript.ScriptElementKind.unknown,
            kindModifiers: '',
            textSpan: { start, length: end - start },
            displayParts: [],
          };
          const gap = known.documentation?.length ? '\n\n' : '';
          return {
            ...known,
            documentation: [...(known.documentation ?? []), { kind: 'text', text: gap + hover.text }],
          };
        },
      });
    },
    onConfigurationChanged(given: unknown) {
      for (const { project, configure } of projects) if (!project.isClosed()) configure(given);
    },
  };
}

/** A language service with some of its methods replaced; the others are called on the service that has them. */
function decorated(service: ts.LanguageService, replaced: Partial<ts.LanguageService>): ts.LanguageService {
  const proxy = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(service) as (keyof ts.LanguageService)[]) {
    const method = service[key] as (...args: unknown[]) => unknown;
    proxy[key] = (...args: unknown[]) => method.apply(service, args);
  }
  return Object.assign(proxy, replaced) as unknown as ts.LanguageService;
}

function sourceOf(service: ts.LanguageService, fileName: string): ts.SourceFile | undefined {
  return service.getProgram()?.getSourceFile(fileName);
}

function toDiagnostic(
  { DiagnosticCategory }: typeof ts,
  file: ts.SourceFile,
  { ruleId, code, message, start, end, path }: analysis.Finding,
  settings: editor.EditorSettings,
  fileOf: (name: string) => ts.SourceFile | undefined,
): ts.Diagnostic {
  const categories = {
    error: DiagnosticCategory.Error,
    warning: DiagnosticCategory.Warning,
    suggestion: DiagnosticCategory.Suggestion,
    off: DiagnosticCategory.Message,
  };
  return {
    category: categories[settings.severityOf(ruleId)],
    code,
    source: 'holdfast',
    file,
    start,
    length: end - start,
    messageText: `${message} (${ruleId})`,
    // The way that leads there; a single step would be the place itself.
    relatedInformation:
      path.length < 2
        ? []
        : path.map((step, index) => ({
            category: DiagnosticCategory.Message,
            code,
            file: fileOf(step.file),
            start: step.start,
            length: step.end - step.start,
            messageText: `${String(index + 1)}. ${step.text}`,
          })),
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

export = init;
