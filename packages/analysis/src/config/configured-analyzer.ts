import { createAnalyzer, type Analyzer, type AnalyzerOptions } from '../analyzer.js';
import type { Config } from './config.js';
import type { ConfigLoader } from './config-loader.js';

/**
 * An analyzer that judges each file by the configuration nearest to it.
 *
 * @throws {ConfigError} `HOLDFAST_CONFIG`, from its methods, when that cannot be used.
 */
export function createConfiguredAnalyzer(options: Omit<AnalyzerOptions, 'config'>, loader: ConfigLoader): Analyzer {
  const analyzers = new Map<Config | undefined, Analyzer>();
  const analyzerFor = (file: Parameters<Analyzer['analyze']>[0]): Analyzer => {
    const config = loader.configFor(typeof file === 'string' ? file : file.fileName);
    let analyzer = analyzers.get(config);
    if (!analyzer) analyzers.set(config, (analyzer = createAnalyzer({ ...options, config })));
    return analyzer;
  };
  return {
    analyze: (file, rule) => analyzerFor(file).analyze(file, rule),
    outboundCalls: (file) => analyzerFor(file).outboundCalls(file),
    hover: (file, position) => analyzerFor(file).hover(file, position),
    completions: (file, position) => analyzerFor(file).completions(file, position),
    refactorings: (file, range) => analyzerFor(file).refactorings(file, range),
    keyOrigin: (file, call, repeated) => analyzerFor(file).keyOrigin(file, call, repeated),
    callGraph(files, nameOf) {
      const groups = new Map<Analyzer, string[]>();
      for (const file of files) groups.set(analyzerFor(file), [...(groups.get(analyzerFor(file)) ?? []), file]);
      const graphs = [...groups].map(([analyzer, group]) => analyzer.callGraph(group, nameOf));
      return {
        functions: graphs.flatMap(({ functions }) => functions),
        sites: graphs.flatMap(({ sites }) => sites),
      };
    },
  };
}
