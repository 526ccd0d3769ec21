import analysis = require('@holdfast/analysis');
import config = require('@holdfast/analysis/config');
import type ts from 'typescript/lib/tsserverlibrary';

/** The options of the plugin's entry in tsconfig.json. */
interface Config {
  readonly preset?: analysis.Preset;
}

/** Shows the findings of the analysis as diagnostics. tsserver calls this with its own compiler. */
function init({ typescript }: { readonly typescript: typeof ts }): ts.server.PluginModule {
  return {
    create(info) {
      const { languageService } = info;
      const { preset = 'recommended' } = (info.config ?? {}) as Config;
      const log = (error: unknown): void => info.project.projectService.logger.info(`holdfast: ${describe(error)}`);
      // The program is a new object after each edit; until then every file shares one analysis.
      const analyzers = new WeakMap<ts.Program, analysis.Analyzer>();
      const configs = tolerantLoader(config.createConfigLoader({ ts: typescript, onWarning: log }), log);

      const findingsOf = (fileName: string): ts.Diagnostic[] => {
        try {
          const program = languageService.getProgram();
          const file = program?.getSourceFile(fileName);
          if (!program || !file) return [];
          let analyzer = analyzers.get(program);
          if (!analyzer) {
            const options = { ts: typescript, program, preset, onError: log };
            analyzer = config.createConfiguredAnalyzer(options, configs);
            analyzers.set(program, analyzer);
          }
          return analyzer.analyze(file).map((finding) => toDiagnostic(typescript, file, finding));
        } catch (error) {
          // An exception here would cost the file its own diagnostics.
          log(error);
          return [];
        }
      };

      const proxy = Object.create(null) as ts.LanguageService;
      for (const key of Object.keys(languageService) as (keyof ts.LanguageService)[]) {
        const method = languageService[key] as (...args: unknown[]) => unknown;
        (proxy as unknown as Record<string, unknown>)[key] = (...args: unknown[]) =>
          method.apply(languageService, args);
      }
      proxy.getSemanticDiagnostics = (fileName) => [
        ...languageService.getSemanticDiagnostics(fileName),
        ...findingsOf(fileName),
      ];
      return proxy;
    },
  };
}

/** A configuration that is being edited is wrong half of the time: it then counts as none, and the log says why, once. */
function tolerantLoader(loader: config.ConfigLoader, log: (error: unknown) => void): config.ConfigLoader {
  let told: unknown;
  return {
    configFor(file) {
      try {
        return loader.configFor(file);
      } catch (error) {
        if (error !== told) log(error instanceof config.ConfigError ? error.message : error);
        told = error;
        return undefined;
      }
    },
  };
}

function toDiagnostic(typescript: typeof ts, file: ts.SourceFile, finding: analysis.Finding): ts.Diagnostic {
  return {
    category: typescript.DiagnosticCategory.Warning,
    code: finding.code,
    source: 'holdfast',
    file,
    start: finding.start,
    length: finding.end - finding.start,
    messageText: `${finding.message} (${finding.ruleId})`,
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

export = init;
