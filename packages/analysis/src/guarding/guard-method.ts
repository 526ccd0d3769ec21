import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { Edit } from '../finding.js';
import { addImports, type Needed } from '../imports.js';
import { layoutOf } from '../layout.js';
import type { Outbound } from '../outbound.js';
import { unwrap } from '../resolver/unwrap.js';
import { stepsOf } from '../summaries/guarded-ways.js';
import { some } from '../summaries/retries.js';
import { addDecorators } from './add-decorators.js';
import { figures, numeral } from './figures.js';
import { kebabCase } from './kebab-case.js';
import { canBeGivenUp, forwardSignal, isWaitedFor } from './guard-call.js';
import { isRepeatable } from './repeatable.js';

/** A method of a class, or a field of one that holds a function. */
export interface GuardedMember {
  readonly member: ts.MethodDeclaration | ts.PropertyDeclaration;
  readonly fn: ts.MethodDeclaration | ts.ArrowFunction | ts.FunctionExpression;
}

/** How much a guard does: each has what those before it have. */
export type GuardLevel = 'timeout' | 'circuitBreaker' | 'retry';

export interface MethodGuard {
  readonly level: GuardLevel;
  readonly edits: readonly Edit[];
}

/** The member of a class whose decorators would guard a place; nothing where it is another function that runs the place. */
export function memberAround(place: ts.Node, { regions, ...tools }: Analysis): GuardedMember | undefined {
  const { owner } = regions.around(place);
  return owner && asMember(owner, tools);
}

export function asMember(node: ts.Node, { ts }: Pick<Analysis, 'ts'>): GuardedMember | undefined {
  if (ts.isMethodDeclaration(node)) return { member: node, fn: node };
  if (!ts.isPropertyDeclaration(node) || !node.initializer) return undefined;
  const fn = unwrap(ts, node.initializer);
  return ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) ? { member: node, fn } : undefined;
}

/** The decorators that would guard a method which leaves the process; none where they could not stand or would change what it does. */
export function methodGuards(guarded: GuardedMember, analysis: Analysis): readonly MethodGuard[] {
  const { ts, regions } = analysis;
  const { member, fn } = guarded;
  if (!canBeDecorated(guarded, analysis) || isGuarded(member, analysis)) return [];
  if (some(fn.body!, ts, readsStream)) return [];
  const { reachable } = analysis;
  // What only starts here, and goes on without anybody who waits, is none of the method's business.
  const reached = reachable
    .from(fn)
    .filter((way) => stepsOf(way, fn.body!, analysis) && isWaitedFor(way.outbound, analysis));
  if (!reached.some(({ path, outbound }) => isOpen(outbound, path, analysis))) return [];
  const own = reached.filter(({ path }) => path.length === 0).map(({ outbound }) => outbound);
  if (!own.every((call) => canBeGivenUp(call, analysis))) return [];
  const levels: GuardLevel[] = ['timeout'];
  if (!decidesItself(fn, ts)) {
    levels.push('circuitBreaker');
    if (!isInbound(member, ts) && isRepeatable(fn, reachable.from(fn), analysis)) levels.push('retry');
  }
  const covered = own.filter(({ node }) => regions.around(node).regions.length === 0);
  return levels.flatMap((level) => {
    const edits = decorate(guarded, level, covered, analysis);
    return edits ? [{ level, edits }] : [];
  });
}

/** A body that is read bit by bit takes as long as it takes. */
function readsStream(node: ts.Node): boolean {
  return /^(?:getReader|pipe|pipeTo|pipeThrough)$/.test((node as Partial<ts.Identifier>).text ?? '');
}

function canBeDecorated({ member, fn }: GuardedMember, { ts, hasLegacyDecorators, checker }: Analysis): boolean {
  const owner = member.parent;
  if (!ts.isClassLike(owner) || !fn.body || fn.asteriskToken || /\.[cm]?jsx?$/.test(member.getSourceFile().fileName))
    return false;
  if (ts.isPropertyDeclaration(member)) {
    const isAccessor = member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AccessorKeyword);
    // What decorates a field under `experimentalDecorators` never sees its value.
    if (hasLegacyDecorators !== false || isAccessor || member.type) return false;
  }
  if (member.questionToken) return false;
  if (hasLegacyDecorators !== false && (!ts.isClassDeclaration(owner) || ts.isPrivateIdentifier(member.name)))
    return false;
  // Decorators of parameters are not in the standard: some other tsconfig compiles this class.
  if (hasLegacyDecorators === false && owner.members.some((other) => hasParameterDecorators(other, ts))) return false;
  const signatures = owner.members.filter(
    (other) => ts.isMethodDeclaration(other) && other.name.getText() === member.name.getText(),
  );
  const isAsync = ts.getModifiers(fn)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false;
  if (isAsync && signatures.length < 2) return true;
  const all = ts.isMethodDeclaration(member) ? (signatures as ts.MethodDeclaration[]) : [fn];
  return checker !== undefined && all.every((signature) => checker.answersPromise(signature));
}

function hasParameterDecorators(member: ts.ClassElement, ts: Analysis['ts']): boolean {
  const { parameters } = member as Partial<ts.MethodDeclaration>;
  return parameters?.some((parameter) => (ts.getDecorators(parameter)?.length ?? 0) > 0) ?? false;
}

function isGuarded(member: GuardedMember['member'], { ts, regions }: Analysis): boolean {
  return (ts.getDecorators(member) ?? []).some((decorator) => regions.at(decorator) !== undefined);
}

/** Whether nothing on the way to a call guards it. */
function isOpen(outbound: Outbound, path: readonly ts.Node[], { regions }: Analysis): boolean {
  return [...path, outbound.node].every((step) => regions.around(step).regions.length === 0);
}

/**
 * Whether a method judges by itself how it ends: what it throws of its own, a breaker would take for a failure of the other side; what it
 * catches, no policy would see.
 */
function decidesItself({ body }: GuardedMember['fn'], ts: Analysis['ts']): boolean {
  return some(body!, ts, (node) => {
    if (ts.isThrowStatement(node)) return !dependsOnStatus(node, body!, ts);
    if (ts.isTryStatement(node)) return node.catchClause !== undefined;
    return ts.isPropertyAccessExpression(node) && node.name.text === 'catch';
  });
}

function dependsOnStatus(thrown: ts.Node, body: ts.Node, ts: Analysis['ts']): boolean {
  for (let node = thrown; node !== body; node = node.parent) {
    const { parent } = node;
    if (!ts.isIfStatement(parent) || parent.expression === node) continue;
    if (/\b(?:ok|status|statusCode)\b/.test(parent.expression.getText())) return true;
  }
  return false;
}

/** Decorators of frameworks that call a method from outside: what it answers must not be sent twice. */
const inbound =
  /^(?:Get|Post|Put|Patch|Delete|Head|Options|All|Sse|Query|Mutation|Subscription|ResolveField|MessagePattern|EventPattern|SubscribeMessage|GrpcMethod|GrpcStreamMethod|Cron|Interval|Timeout|OnEvent|OnQueueEvent|OnWorkerEvent|Process|Processor|RabbitSubscribe|RabbitRPC|SqsMessageHandler|Saga|Command|SubCommand|Slash|On|Once)$/;
const inboundClass =
  /^(?:JsonController|RestController|Resolver|WebSocketGateway|Processor|CommandHandler|QueryHandler|EventsHandler|Controller|SubCommand|Command)$/;

function isInbound(member: GuardedMember['member'], ts: Analysis['ts']): boolean {
  const has = (node: ts.Node, names: RegExp): boolean =>
    ((ts.canHaveDecorators(node) && ts.getDecorators(node)) || []).some(({ expression }) => {
      const name = ts.isCallExpression(expression) ? expression.expression : expression;
      return names.test(name.getText().split('.').at(-1)!);
    });
  return has(member, inbound) || has(member.parent, inboundClass);
}

function decorate(
  { member }: GuardedMember,
  level: GuardLevel,
  calls: readonly Outbound[],
  analysis: Analysis,
): readonly Edit[] | undefined {
  const { ts } = analysis;
  const file = member.getSourceFile();
  const { quote } = layoutOf(ts, file);
  const name = `${kebabCase((member.parent as ts.ClassLikeDeclaration).name?.text ?? 'anonymous')}.${member.name.getText().replace(/\W/g, '')}`;
  const decorators = [
    ...(level === 'retry'
      ? [
          {
            name: 'Retry',
            given: `{ maxAttempts: ${numeral(figures.attempts)}, baseDelay: ${numeral(figures.baseDelay)} }`,
          },
        ]
      : []),
    ...(level === 'timeout'
      ? []
      : [
          {
            name: 'CircuitBreaker',
            given: `{ name: ${quote}${name}${quote}, recoveryTimeout: ${numeral(figures.recoveryTimeout)} }`,
          },
        ]),
    { name: 'Timeout', given: numeral(figures.timeout) },
  ];
  // The order of names in an import is not that of decorators, the outermost first.
  const needed: Needed[] = decorators
    .map(({ name }) => ({ module: '@holdfast/runtime', name }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const takesSignal = calls.some((call) => forwardSignal(call, 'signal', analysis));
  if (takesSignal) needed.push({ module: '@holdfast/runtime/context', name: 'currentSignal' });
  const added = addImports(ts, file, needed);
  if (!added) return undefined;
  const local = (name: string): string => added.names[needed.findIndex((one) => one.name === name)]!;
  const texts = decorators.map(({ name, given }) => `@${local(name)}(${given})`);
  const signals = takesSignal
    ? calls.flatMap((call) => forwardSignal(call, `${local('currentSignal')}()`, analysis) ?? [])
    : [];
  return [...added.edits, addDecorators(ts, file, member, texts), ...signals];
}
