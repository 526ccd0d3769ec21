import { setImmediate } from 'node:timers/promises';
import { checks, type Analyzer, type Finding, type Preset } from '@holdfast/analysis';
import { createConfigLoader, createConfiguredAnalyzer, tolerantLoader } from '@holdfast/analysis/config';
import type { EditorSettings } from '@holdfast/analysis/editor';
import ts from 'typescript';
import type { OpenDocument } from './documents.js';
import type { Log } from './log.js';
import type { Projects } from './projects.js';
import type { Settings } from './settings.js';

/** An open document as it is now, and what there is to say about it. */
export interface Judged {
  readonly analyzer: Analyzer;
  readonly program: ts.Program;
  readonly file: ts.SourceFile;
  readonly settings: EditorSettings;
}

export interface Judge {
  of(document: OpenDocument): Judged | undefined;
  findings(judged: Judged): readonly Finding[];
  /** The same, rule by rule; undefined as soon as nobody wants to know any longer. */
  findingsUnless(judged: Judged, isStale: () => boolean): Promise<readonly Finding[] | undefined>;
}

export function createJudge(projects: Projects, settings: Settings, { warn }: Log): Judge {
  // Looks at the files each time: a configuration that was just saved counts.
  const configs = tolerantLoader(createConfigLoader({ ts, onWarning: warn, maxAge: 0 }), warn);
  // The program is a new object after each edit; until then every file shares one analysis.
  const analyzers = new WeakMap<ts.Program, Map<Preset, Analyzer>>();

  function analyzerOf(program: ts.Program, preset: Preset): Analyzer {
    const known = analyzers.get(program) ?? new Map<Preset, Analyzer>();
    analyzers.set(program, known);
    let analyzer = known.get(preset);
    if (!analyzer) {
      analyzer = createConfiguredAnalyzer({ ts, program, preset, onError: warn }, configs);
      known.set(preset, analyzer);
    }
    return analyzer;
  }

  function findings({ analyzer, file, settings }: Judged): readonly Finding[] {
    return analyzer.analyze(file).filter(({ ruleId }) => settings.severityOf(ruleId) !== 'off');
  }

  return {
    of({ text, fileName }) {
      const program = projects.programOf(fileName);
      const file = program?.getSourceFile(fileName);
      if (!program || !file) return undefined;
      const own = settings.of(text.uri, program);
      return { analyzer: analyzerOf(program, own.preset), program, file, settings: own };
    },
    findings,
    async findingsUnless(judged, isStale) {
      const { analyzer, file, settings } = judged;
      for (const { id, preset } of checks) {
        if (settings.preset !== 'strict' && preset !== 'recommended') continue;
        // An edit or a cancellation that has arrived meanwhile is read here.
        await setImmediate();
        if (isStale()) return undefined;
        analyzer.analyze(file, id);
      }
      return findings(judged);
    },
  };
}
