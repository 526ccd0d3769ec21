import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { PolicyKind } from '../catalogue/catalogue.js';
import { insert } from '../edits.js';
import { argumentsOf, calleeOf, type CallLike } from '../facts/file-facts.js';
import { headerEnd } from '../imports.js';
import { layoutOf, lineEnd } from '../layout.js';
import { evidenceOf, shorten } from '../location.js';
import { frequencyOf } from '../summaries/frequency.js';
import { isRepeated, shortLife, wrapsClient, type ShortLife } from '../summaries/lifetime.js';
import { isInside } from '../summaries/regions.js';
import type { Check, Judgement, PlannedFix } from './check.js';

/** What remembers, counts or pools has to outlive the call: one that is made anew each time has nothing to remember. */
export const noPolicyPerCall: Check = {
  id: 'no-policy-per-call',
  code: 770_010,
  harm: 'A breaker never opens, a limit limits nothing, and each call opens connections of its own',
  preset: 'recommended',
  messages: {
    policy: '`{{policy}}` is made anew each time {{owner}} runs: {{harm}}.',
    client: '`{{client}}` is made anew each time {{owner}} runs: each call opens connections of its own.',
    moveOut: 'Make `{{name}}` once, outside of the function',
  },
  *judge(file, analysis) {
    for (const call of analysis.facts(file).calls) {
      const judgement = ofPolicy(call, analysis) ?? ofClient(call, analysis);
      if (judgement) yield judgement;
    }
  },
};

/** What a policy that lives for one call is worth. The other kinds remember nothing from one call to the next. */
const harms: Partial<Record<PolicyKind, string>> = {
  'circuit-breaker': 'it forgets every failure, and never opens',
  bulkhead: 'each call has one of its own, and nobody waits',
  'rate-limit': 'each call has a limit of its own, and none is ever reached',
  cached: 'it is empty at every call, and holds nothing for the next',
};

function ofPolicy(call: CallLike, analysis: Analysis): Judgement | undefined {
  const { ts, targets, readOption } = analysis;
  const row = targets.guard(call)?.row;
  if (!row || row.member !== undefined || (row.form !== 'factory' && row.form !== 'wraps')) return undefined;
  const harm = row.policies.map((kind) => harms[kind]).find((text) => text !== undefined);
  const owner = harm === undefined ? undefined : functionAround(call, ts);
  if (harm === undefined || !owner) return undefined;
  // What it knows is kept elsewhere.
  const options = row.options === undefined ? undefined : argumentsOf(call)[row.options];
  if (['store', 'state', 'restore'].some((name) => readOption(options, name).state === 'present')) return undefined;
  const life = shortLife(call, owner, analysis);
  if (!life || life.uses.length !== 1 || life.uses.some((use) => isRepeated(use, owner, analysis))) return undefined;
  if (frequencyOf(call, analysis) !== 'per-call') return undefined;
  return judgement(call, owner, life, 'policy', { policy: row.name, harm }, analysis);
}

function ofClient(call: CallLike, analysis: Analysis): Judgement | undefined {
  const { ts, meanings, catalogue, clients } = analysis;
  const owner = functionAround(call, ts);
  const made = owner && clientType(call, analysis);
  const kind = made === undefined ? undefined : catalogue.module(made)?.kind;
  if (!owner || !kind || !['db', 'cache', 'broker', 'http'].includes(kind)) return undefined;
  if (wrapsClient(call, analysis)) return undefined;
  const life = shortLife(call, owner, analysis);
  const isUsed = life?.uses.some((use) => {
    const target = analysis.targets.call(use);
    return target !== undefined && clients.creationOf(target) === call;
  });
  if (!life || !isUsed || frequencyOf(call, analysis) !== 'per-call') return undefined;
  const callee = shorten(calleeOf(call).getText());
  const client = meanings.of(call)?.kind === 'instance' && ts.isNewExpression(call) ? `new ${callee}` : callee;
  // An HTTP client may hold nothing; one that is closed, or made for an argument, may be meant that way.
  const isSure = kind !== 'http' && !life.isClosed && !dependsOn(call, owner, analysis);
  const found = judgement(call, owner, life, 'client', { client }, analysis);
  return isSure ? found : { ...found, confidence: 'likely' };
}

/** The module of the client that a call makes by itself; a part of another client is none. */
function clientType(call: CallLike, { ts, meanings, catalogue, clients }: Analysis): string | undefined {
  if (ts.isTaggedTemplateExpression(call)) return undefined;
  const made = meanings.of(call);
  if (made?.kind !== 'instance' || made.creation !== call || clients.optionsPosition(call) === undefined)
    return undefined;
  if (catalogue.trait(made.module, made.type, 'lazy')) return undefined;
  const callee = meanings.of(calleeOf(call));
  const isPart = callee?.kind === 'member' && callee.owner.kind === 'instance' && callee.owner.creation !== undefined;
  return isPart ? undefined : made.module;
}

function judgement(
  call: CallLike,
  owner: ts.Node,
  { uses, isClosed }: ShortLife,
  messageId: string,
  data: Readonly<Record<string, string>>,
  analysis: Analysis,
): Judgement {
  const { ts } = analysis;
  const named = namedOwner(owner, ts);
  const fix = isClosed ? undefined : moveOut(call, owner, analysis);
  return {
    at: calleeOf(call),
    messageId,
    data: { ...data, owner: ownerText(owner, named, ts) },
    path: [...(named ? [named] : []), call, ...uses],
    fixes: fix ? [fix] : [],
  };
}

/** The function that makes it; a default of a parameter is made by the caller's choice. */
function functionAround(call: ts.Node, ts: Analysis['ts']): ts.FunctionLikeDeclaration | undefined {
  for (let node = call.parent; node; node = node.parent) {
    if (ts.isPropertyDeclaration(node) || ts.isParameter(node) || ts.isDecorator(node)) return undefined;
    if (ts.isFunctionLike(node))
      return ts.isConstructorDeclaration(node) ? undefined : (node as ts.FunctionLikeDeclaration);
  }
  return undefined;
}

function ownerText(owner: ts.Node, named: ts.Node | undefined, ts: Analysis['ts']): string {
  const { parent } = owner;
  const callee = ts.isCallExpression(parent) && parent.expression !== owner ? parent.expression : undefined;
  if (callee && ts.isPropertyAccessExpression(callee)) return `the callback of \`${shorten(callee.getText())}\``;
  return named ? `\`${evidenceOf(ts, named).text}\`` : 'this function';
}

/** The nearest function with a name. */
function namedOwner(owner: ts.Node, ts: Analysis['ts']): ts.Node | undefined {
  for (let node = owner; node.parent; node = node.parent) {
    if (!ts.isFunctionLike(node)) continue;
    if ((node as Partial<ts.NamedDeclaration>).name) return node;
    const { parent } = node;
    if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent))
      return parent;
  }
  return undefined;
}

/** Whether its arguments name anything of the functions around it. */
function dependsOn(call: CallLike, owner: ts.Node, { ts, scopes }: Analysis): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (found) return;
    if (node.kind === ts.SyntaxKind.ThisKeyword || ts.isAwaitExpression(node)) found = true;
    else if (ts.isPropertyAccessExpression(node)) visit(node.expression);
    else if (ts.isPropertyAssignment(node)) visit(node.initializer);
    else if (ts.isIdentifier(node)) {
      const declaration = scopes.find(node.text, node);
      const isLocal =
        declaration && declaration.getSourceFile() === owner.getSourceFile() && isLocalTo(declaration, call, ts);
      if (isLocal) found = true;
    } else ts.forEachChild(node, visit);
  };
  argumentsOf(call).forEach(visit);
  return found;
}

/** Declared in a function around the call; what is declared within its own arguments moves with it. */
function isLocalTo(declaration: ts.Node, call: ts.Node, ts: Analysis['ts']): boolean {
  if (isInside(declaration, call)) return false;
  for (let node = declaration.parent; node; node = node.parent) if (ts.isFunctionLike(node)) return true;
  return false;
}

function moveOut(call: CallLike, owner: ts.Node, analysis: Analysis): PlannedFix | undefined {
  const { ts, scopes } = analysis;
  const declaration = call.parent;
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined;
  const list = declaration.parent;
  const statement = list.parent;
  if (!ts.isVariableDeclarationList(list) || !ts.isVariableStatement(statement)) return undefined;
  if (list.declarations.length !== 1) return undefined;
  const file = call.getSourceFile();
  const name = declaration.name.text;
  const isTaken = scopes.find(name, file) !== undefined;
  if (isTaken || !(list.flags & ts.NodeFlags.Const) || dependsOn(call, owner, analysis)) return undefined;
  let top: ts.Node = statement;
  while (top.parent && !ts.isSourceFile(top.parent)) top = top.parent;
  const { eol } = layoutOf(ts, file);
  const { text } = file;
  const line = statement.getText();
  const isFirst = top === file.statements[0];
  const at = isFirst ? headerEnd(ts, file) : lineEnd(text, top.getFullStart());
  const lineStart = text.lastIndexOf('\n', statement.getStart()) + 1;
  const end = lineEnd(text, statement.end);
  const removal = { start: lineStart, end: end + (/^\r?\n/.exec(text.slice(end))?.[0].length ?? 0), text: '' };
  return {
    messageId: 'moveOut',
    data: { name },
    declares: name,
    edits: [insert(at, isFirst ? line + eol + eol : eol + eol + line), removal],
  };
}
