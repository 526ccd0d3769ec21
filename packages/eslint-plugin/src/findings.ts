import { createAnalyzer, type Analyzer, type Finding, type Preset } from '@holdfast/analysis';
import type { TSESLint } from '@typescript-eslint/utils';
import ts from 'typescript';

/** The little that is needed of what typescript-eslint's parser adds. Other parsers add nothing. */
interface ParserServices {
  readonly program?: ts.Program | null;
  readonly esTreeNodeToTSNodeMap?: { get(node: unknown): ts.Node | undefined };
}

type Context = Readonly<TSESLint.RuleContext<string, readonly unknown[]>>;

/** One analysis per program and preset: all rules and all files of a run share it. */
const analyzers = new WeakMap<ts.Program, Map<Preset, Analyzer>>();
/** One analysis per file where there is no program. */
const untyped = new WeakMap<object, Map<Preset, readonly Finding[]>>();

/** The findings of the file being linted, whichever rule asks first. */
export function findingsOf(context: Context, preset: Preset): readonly Finding[] {
  const services = context.sourceCode.parserServices as ParserServices | undefined;
  const source = services?.esTreeNodeToTSNodeMap?.get(context.sourceCode.ast)?.getSourceFile();
  if (services?.program && source) return typedAnalyzer(services.program, preset).analyze(source);
  const known = untyped.get(context.sourceCode) ?? new Map<Preset, readonly Finding[]>();
  untyped.set(context.sourceCode, known);
  let findings = known.get(preset);
  if (!findings) known.set(preset, (findings = fromSyntax(context, preset)));
  return findings;
}

function typedAnalyzer(program: ts.Program, preset: Preset): Analyzer {
  const known = analyzers.get(program) ?? new Map<Preset, Analyzer>();
  analyzers.set(program, known);
  let analyzer = known.get(preset);
  if (!analyzer) known.set(preset, (analyzer = createAnalyzer({ ts, program, preset })));
  return analyzer;
}

/** Without a program there is the text, and the imports in it. */
function fromSyntax({ filename, sourceCode }: Context, preset: Preset): readonly Finding[] {
  // TypeScript 7 has no compiler API: then there is nothing to parse with.
  if (typeof ts.createSourceFile !== 'function') return [];
  const kind = /\.[cm]?ts$/.test(filename) ? ts.ScriptKind.TS : ts.ScriptKind.TSX;
  const source = ts.createSourceFile(filename, sourceCode.text, ts.ScriptTarget.Latest, true, kind);
  return createAnalyzer({ ts, preset }).analyze(source);
}
