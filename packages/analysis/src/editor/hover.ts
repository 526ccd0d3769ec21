import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { calleeOf, type CallLike } from '../facts/file-facts.js';
import { evidenceOf, locate, written } from '../location.js';
import { collect } from '../map/collect.js';
import type { CallGraph, CallSite, GraphPolicy } from '../map/call-graph.js';
import { createFigures } from '../map/figures.js';
import { atWorst, worstCaseText } from './worst-case-text.js';
import type { Location } from '../finding.js';

/** What guards a call or a function that leaves the process, and what it costs at worst, for a person to read. */
export interface Hover {
  /** The name that it is about. */
  readonly range: Location;
  /** Markdown. */
  readonly text: string;
}

/** What there is to say about the call or the function whose name is at a position; nothing about what stays in the process. */
export function hoverAt(file: ts.SourceFile, position: number, tools: Analysis): Hover | undefined {
  const subject = subjectAt(file, position, tools);
  if (!subject) return undefined;
  const { name, node } = subject;
  const graph = graphOf(node, tools);
  const text = isCall(node, tools.ts) ? callText(node, graph, tools) : functionText(node, graph, tools);
  return text === undefined ? undefined : { range: locate(file, name.getStart(file), name.end), text };
}

interface Subject {
  readonly name: ts.Node;
  readonly node: ts.Node;
}

/** The callee of a call, or the name of a function that is declared here. */
function subjectAt(file: ts.SourceFile, position: number, { ts }: Analysis): Subject | undefined {
  let name: ts.Node = file;
  for (;;) {
    const inner = ts.forEachChild(name, (child) =>
      child.getStart(file) <= position && position <= child.end && !isJsDoc(child, ts) ? child : undefined,
    );
    if (!inner) break;
    name = inner;
  }
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return undefined;
  const { parent } = name;
  const callee = ts.isPropertyAccessExpression(parent) && parent.name === name ? parent : name;
  const call = callee.parent;
  if (isCall(call, ts) && calleeOf(call) === callee) return { name, node: call };
  const isOwnName = (parent as Partial<ts.NamedDeclaration>).name === name;
  if (
    isOwnName &&
    (ts.isFunctionLike(parent) || ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent))
  ) {
    return { name, node: parent };
  }
  return undefined;
}

function isJsDoc({ kind }: ts.Node, ts: Analysis['ts']): boolean {
  return kind >= ts.SyntaxKind.FirstJSDocNode && kind <= ts.SyntaxKind.LastJSDocNode;
}

function isCall(node: ts.Node, ts: Analysis['ts']): node is CallLike {
  return ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node);
}

/** All ways to the outbound calls that a piece of code leads to. */
function graphOf(node: ts.Node, tools: Analysis): CallGraph {
  const own = isCall(node, tools.ts) ? tools.outbound(node.getSourceFile()).filter((one) => one.node === node) : [];
  const reached = own.length > 0 ? own : tools.reachable.from(node).map(({ outbound }) => outbound);
  const files = [...new Set(reached.map((outbound) => outbound.node.getSourceFile()))];
  return collect(
    files,
    tools,
    (name) => name,
    (_, work) => work(),
  );
}

function callText(call: CallLike, graph: CallGraph, tools: Analysis): string | undefined {
  const site = graph.sites.find(({ key }) => key === keyOf(call));
  if (!site) return undefined;
  const figures = createFigures(graph.functions, graph.sites);
  const outbound = tools.outbound(call.getSourceFile()).find(({ node }) => node === call);
  const reach = outbound?.regions.length === 0 ? outbound.reach : undefined;
  const byCallers = reach?.kind === 'guarded' ? `guarded by its callers: ${placed(reach.region.node)}` : undefined;
  const what = site.outbound && `${site.outbound.operation} ${site.outbound.dependency.name}`;
  return [
    heading(what ?? 'leads out of the process', site),
    ...guardLines(site, call.getSourceFile().fileName),
    ...(byCallers === undefined ? [] : [`- ${byCallers}`]),
    ...(site.layers.length === 0 && byCallers === undefined && outbound?.timeout === 'none'
      ? ['- nothing guards it']
      : []),
    '',
    capital(worstCaseText(site, figures)),
  ].join('\n');
}

function functionText(node: ts.Node, graph: CallGraph, tools: Analysis): string | undefined {
  const key = functionKey(node, graph);
  if (key === undefined) return undefined;
  const figures = createFigures(graph.functions, graph.sites);
  const sites = graph.sites.filter(({ from }) => from === key).sort((a, b) => a.line - b.line || a.column - b.column);
  const lines = sites.map((site) => {
    const policies = policiesOf(site);
    const guards = policies.length === 0 ? '' : ` under ${policies.map(({ name }) => `\`${name}\``).join(' → ')}`;
    return `- \`${site.text}\` (line ${String(site.line)})${guards}: ${worstCaseText(site, figures)}`;
  });
  const { text } = evidenceOf(tools.ts, node);
  const whole = sites.length > 1 ? ['', `All of it: ${atWorst(figures.timeOf(key, false))}`] : [];
  return [`**Holdfast**: \`${text}\` leaves the process`, ...lines, ...whole].join('\n');
}

/** A field or a constant is the function that it holds. */
function functionKey(node: ts.Node, graph: CallGraph): string | undefined {
  const value = (node as Partial<ts.VariableDeclaration>).initializer;
  const keys = new Set([node, ...(value ? [value] : [])].map(keyOf));
  return graph.functions.find(({ key }) => keys.has(key))?.key;
}

function heading(what: string, site: CallSite): string {
  const names = policiesOf(site).map(({ name }) => `\`${name}\``);
  return `**Holdfast**: ${what}${names.length === 0 ? '' : ` under ${names.join(' → ')}`}`;
}

function guardLines(site: CallSite, file: string): string[] {
  return policiesOf(site).map(
    (policy) =>
      `- \`${policy.name}\` from ${policy.file === file ? '' : `${baseName(policy.file)}, `}line ${String(policy.line)}`,
  );
}

function policiesOf({ layers }: CallSite): readonly GraphPolicy[] {
  return layers.flatMap(({ policies = [] }) => policies);
}

function placed(node: ts.Node): string {
  const { text, file, line } = written(node);
  return `\`${text}\` (${baseName(file)}, line ${String(line)})`;
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** As `collect` names places. */
function keyOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${file.fileName}:${String(node.getStart(file))}-${String(node.end)}`;
}
