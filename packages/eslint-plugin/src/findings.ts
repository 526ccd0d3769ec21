import type { Analyzer, Finding, Preset, ReportAt } from '@holdfast/analysis';
import { createConfigLoader, createConfiguredAnalyzer } from '@holdfast/analysis/config';
import type { TSESLint } from '@typescript-eslint/utils';
import ts from 'typescript';

/** The little that is needed of what typescript-eslint's parser adds. Other parsers add nothing. */
interface ParserServices {
  readonly program?: ts.Program | null;
  readonly esTreeNodeToTSNodeMap?: { get(node: unknown): ts.Node | undefined };
}

type Context = Readonly<TSESLint.RuleContext<string, readonly unknown[]>>;

export interface Settings {
  readonly preset: Preset;
  readonly reportAt: ReportAt;
}

/** One analysis per program: all rules and all files of a run share it. */
const typed = new WeakMap<ts.Program, Map<string, Analyzer>>();
/** One analysis per file where there is no program. */
const untyped = new WeakMap<object, Map<string, (rule: string) => readonly Finding[]>>();

const configs = createConfigLoader({ ts, onWarning: debug });

/** @throws {ConfigError} When the configuration of a file cannot be used: the run ends with what is wrong in it. */
export function readConfig({ filename }: Context): void {
  // TypeScript 7 has no compiler API: nothing is judged then.
  if (typeof ts.createSourceFile === 'function') configs.configFor(filename);
}

/** The findings of one rule in the file being linted. */
export function findingsOf(context: Context, rule: string, settings: Settings): readonly Finding[] {
  const services = context.sourceCode.parserServices as ParserServices | undefined;
  const source = services?.esTreeNodeToTSNodeMap?.get(context.sourceCode.ast)?.getSourceFile();
  const key = `${settings.preset} ${settings.reportAt}`;
  // Of a component the program has the script alone, and other places than the file.
  if (services?.program && source?.text.length === context.sourceCode.text.length) {
    const { program } = services;
    const known = typed.get(program) ?? new Map<string, Analyzer>();
    typed.set(program, known);
    let analyzer = known.get(key);
    if (!analyzer)
      known.set(key, (analyzer = createConfiguredAnalyzer({ ts, program, ...settings, ...debugging }, configs)));
    return analyzer.analyze(source, rule);
  }
  const known = untyped.get(context.sourceCode) ?? new Map<string, (rule: string) => readonly Finding[]>();
  untyped.set(context.sourceCode, known);
  let find = known.get(key);
  if (!find) known.set(key, (find = fromSyntax(context, settings)));
  return find(rule);
}

/** Without a program there is the text, and the imports in it. */
function fromSyntax({ filename, sourceCode }: Context, settings: Settings): (rule: string) => readonly Finding[] {
  // TypeScript 7 has no compiler API: then there is nothing to parse with.
  if (typeof ts.createSourceFile !== 'function') return () => [];
  const kind = /\.[cm]?ts$/.test(filename) ? ts.ScriptKind.TS : ts.ScriptKind.TSX;
  const source = ts.createSourceFile(filename, scriptOf(filename, sourceCode.text), ts.ScriptTarget.Latest, true, kind);
  const analyzer = createConfiguredAnalyzer({ ts, ...settings, ...debugging }, configs);
  return (rule) => analyzer.analyze(source, rule);
}

/** The script of a single-file component, where it is: everything around it is blank. */
function scriptOf(filename: string, text: string): string {
  if (!/\.(?:vue|svelte)$/.test(filename)) return text;
  const blank = (part: string): string => part.replace(/[^\n\r]/g, ' ');
  let result = '';
  let from = 0;
  for (const match of text.matchAll(/(<script\b[^>]*>)([\s\S]*?)<\/script>/g)) {
    const start = match.index + match[1]!.length;
    result += blank(text.slice(from, start)) + match[2]!;
    from = start + match[2]!.length;
  }
  if (from > 0) return result + blank(text.slice(from));
  // oxlint hands over the script alone; a component without one is all template.
  return /^\s*</.test(text) ? blank(text) : text;
}

/** `HOLDFAST_DEBUG=1` tells on stderr what the analysis could not do. */
const debugging = {
  onError: (error: unknown, file: string): void => debug(`could not judge ${file}: ${describe(error)}`),
  onExhausted: (file: string): void => debug(`${file} took too long: calls in other functions were not followed`),
};

function debug(message: string): void {
  if (process.env['HOLDFAST_DEBUG']) process.stderr.write(`holdfast: ${message}\n`);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
