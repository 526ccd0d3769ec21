import { ts } from 'ts-morph';
import { indentAt } from '../layout.js';
import { contains } from '../nodes.js';
import type { Edit } from '../plan.js';
import { isStable } from '../stable-values.js';
import { callOfUse, comesRightAfter, isHolder, usesOfHolder, type Holder } from './held-values.js';
import { Obstacle, obstructed, type Migration, type Rewrite, type Site, type Surroundings } from './migration.js';
import { mentions, returnsPromise } from './operation.js';
import { Options, type KnownNumber } from './options.js';
import { inAnyOwnFile } from './own-files.js';
import { installedVersion, usesOf } from './package-uses.js';
import { statementRemoval } from './rewrite.js';
import { longestTimer } from './sleep.js';

const name = 'opossum';
const runtime = '@holdfast/runtime';
/** What only statistics and snapshots depend on, once every failure opens the circuit. */
const idle = ['rollingCountTimeout', 'rollingCountBuckets', 'rollingPercentilesEnabled', 'enableSnapshots', 'group'];
const known = [
  ...idle,
  ...['timeout', 'resetTimeout', 'errorThresholdPercentage', 'volumeThreshold', 'capacity', 'errorFilter', 'name'],
];

/**
 * `new CircuitBreaker(action, options)` becomes the action guarded by a circuit breaker and a timeout, and `breaker.fire(…)` its call. A
 * breaker is changed with all its uses or not at all.
 *
 * opossum opens by the share of failures among the calls that began in a window, those under way among them, where Holdfast counts calls
 * as they end. The two are the same only when every failure opens the circuit. And opossum believes results of calls that began before
 * it opened: a timeout shorter than the time that it stays open leaves none of them for the time of the probe.
 */
export const opossum: Migration = {
  packages: [name],
  sites(around) {
    const { file, program } = around;
    const { uses, others } = usesOf(file, program, name);
    // Versions before 8.1.2 read a threshold of 0 as 50.
    const [major = 0, minor = 0, patch = 0] = (installedVersion(file, name) ?? '').split('.').map(Number);
    const isKnown = major === 9 || major === 10 || (major === 8 && (minor > 1 || (minor === 1 && patch >= 2)));
    const whole = !isKnown ? 'version' : uses.length > 0 && readsErrors(program) ? 'breaker-error' : undefined;
    const sites = uses.map((use): Site => {
      const made = use.node.parent;
      if (use.export !== 'default') return obstructed(use.node, use.node, 'other-import');
      if (!ts.isNewExpression(made) || made.expression !== use.node) {
        return obstructed(use.node, use.node, 'other-use');
      }
      if (whole) return obstructed(made, use.node, whole);
      return { node: made, shown: use.node, rewrite: () => rewrite(made, around) };
    });
    return [...sites, ...others.map((node) => obstructed(node, node, 'other-import'))];
  },
};

/** Its errors may be looked at far from the call. */
const readsErrors = inAnyOwnFile(({ text }) =>
  /\b(?:EOPENBREAKER|ETIMEDOUT|ESEMLOCKED|isOurError)\b|Breaker is open|Timed out after|Semaphore locked/.test(text),
);

function rewrite(made: ts.NewExpression, { file, program, layout, imports }: Surroundings): Rewrite {
  const checker = program.getTypeChecker();
  const [action, given, ...rest] = made.arguments ?? [];
  if (!action || rest.length > 0) throw new Obstacle('invalid-option');
  const options = new Options(given, checker);
  options.allowOnly(known);
  if (options.number('errorThresholdPercentage', 50).value !== 0) throw new Obstacle('rolling-window');
  if (options.number('volumeThreshold', 0).value !== 0) throw new Obstacle('rolling-window');
  if (!given || !idle.every((option) => isHarmless(options.get(option), checker))) throw new Obstacle('dynamic-option');
  const { timeout, recovery } = timesOf(options);
  const capacity = options.number('capacity', Infinity);
  if (capacity.value !== Infinity && (!Number.isInteger(capacity.value) || capacity.value < 1)) {
    throw new Obstacle('invalid-option');
  }
  if (!isGuardable(action, checker)) throw new Obstacle('operation');
  const holder = made.parent;
  if (!isHolder(holder) || holder.type) throw new Obstacle('other-use');
  const { calls, fallback } = usesOfBreaker(holder, checker);
  if (fallback && options.get('errorFilter')) throw new Obstacle('option');

  const outer = indentAt(file.text, given.getStart(file));
  const label = options.get('name');
  const properties = [
    ...(label ? [`name: ${label.getText(file)}`] : []),
    'failureThreshold: 1',
    `recoveryTimeout: ${recovery.text}`,
    `maxRecoveryTimeout: ${recovery.text}`,
    `classify: ${classifyText(options.get('errorFilter'), `${outer}${layout.indent}`, layout)}`,
  ];
  const { eol, indent } = layout;
  const object = `{${eol}${properties.map((property) => `${outer}${indent}${property},${eol}`).join('')}${outer}}`;
  const policies = [
    ...(fallback
      ? [['fallback', `{ handler: ${fallback.handler.getText(file)}, fallbackIf: () => true }`] as const]
      : []),
    ['circuitBreaker', object] as const,
    ...(capacity.value === Infinity ? [] : [['bulkhead', capacity.text] as const]),
    ['timeout', timeout.text] as const,
  ];
  return {
    edits: [
      { start: made.getStart(file), end: calleeEnd(made), text: imports.use(runtime, 'guard') },
      {
        start: given.getStart(file),
        end: given.end,
        text: policies.map(([policy, value]) => `${imports.use(runtime, policy)}(${value})`).join(', '),
      },
      ...calls.map((callee): Edit => {
        const [start, end] = [callee.expression.end, callee.end];
        if (/\/[/*]/.test(file.text.slice(start, end))) throw new Obstacle('comment');
        return { start, end, text: '' };
      }),
      ...(fallback ? [statementRemoval(fallback.statement)] : []),
    ],
    policies: policies.map(([policy]) => (policy === 'circuitBreaker' ? 'circuit-breaker' : policy)),
    notes: [
      {
        code: 'error-type',
        message:
          'It refuses with the CircuitOpenError of @holdfast/runtime, and when the time is up with its TimeoutError: the moments are those of opossum, class, code and message are not. Waiting for the timeout does not keep the process alive.',
      },
    ],
  };
}

function isHarmless(value: ts.Expression | undefined, checker: ts.TypeChecker): boolean {
  return !value || isStable(value, checker);
}

/** @throws {Obstacle} When a call may be under way for as long as the circuit is open. */
function timesOf(options: Options): { timeout: KnownNumber; recovery: KnownNumber } {
  if (options.get('timeout')?.kind === ts.SyntaxKind.FalseKeyword) throw new Obstacle('late-result');
  const timeout = options.number('timeout', 10_000);
  const recovery = options.number('resetTimeout', 30_000);
  if (timeout.value === 0) throw new Obstacle('late-result');
  for (const { value } of [timeout, recovery]) {
    if (value > longestTimer) throw new Obstacle('unbounded');
    if (!Number.isInteger(value) || value < 1) throw new Obstacle('invalid-option');
  }
  if (timeout.value >= recovery.value) throw new Obstacle('late-result');
  return { timeout, recovery };
}

/** A function that gives a promise, and does not ask for its `this`: opossum has it be the function itself. */
function isGuardable(action: ts.Expression, checker: ts.TypeChecker): boolean {
  if (!returnsPromise(action, checker)) return false;
  if (ts.isArrowFunction(action)) return true;
  const isThis = (node: ts.Node): boolean => node.kind === ts.SyntaxKind.ThisKeyword;
  if (ts.isFunctionExpression(action)) return !contains(action, isThis);
  if (!ts.isIdentifier(action) || !isStable(action, checker)) return false;
  return checker
    .getTypeAtLocation(action)
    .getCallSignatures()
    .every((signature) => {
      const declaration = signature.getDeclaration() as ts.FunctionLikeDeclaration | undefined;
      return declaration?.body !== undefined && !contains(declaration, isThis);
    });
}

interface BreakerUses {
  /** `breaker.fire` of each call. */
  readonly calls: readonly ts.PropertyAccessExpression[];
  readonly fallback: { readonly statement: ts.ExpressionStatement; readonly handler: ts.ArrowFunction } | undefined;
}

/** @throws {Obstacle} When it is used for more than to call it, and to set a fallback before that. */
function usesOfBreaker(holder: Holder, checker: ts.TypeChecker): BreakerUses {
  const calls: ts.PropertyAccessExpression[] = [];
  let fallback: BreakerUses['fallback'];
  for (const use of usesOfHolder(holder, checker)) {
    const callee = use.parent;
    if (!ts.isPropertyAccessExpression(callee) || callee.expression !== use || ts.isOptionalChain(callee)) {
      throw new Obstacle('other-use');
    }
    const call = callOfUse(callee);
    if (!call || call.typeArguments) throw new Obstacle('other-use');
    if (callee.name.text === 'fire') calls.push(callee);
    else if (callee.name.text === 'fallback' && !fallback) fallback = fallbackOf(call, holder);
    else throw new Obstacle('other-use');
  }
  return { calls, fallback };
}

/** The fallback that is set right behind the breaker: no call can come in between. */
function fallbackOf(call: ts.CallExpression, holder: Holder): NonNullable<BreakerUses['fallback']> {
  const statement = call.parent;
  const [handler, ...rest] = call.arguments;
  if (!ts.isExpressionStatement(statement) || !ts.isVariableDeclaration(holder)) throw new Obstacle('other-use');
  if (!comesRightAfter(statement, holder)) throw new Obstacle('other-use');
  if (!handler || rest.length > 0 || !ts.isArrowFunction(handler) || handler.parameters.length > 0) {
    throw new Obstacle('option');
  }
  return { statement, handler };
}

/** Whatever the error: every failure counts, a bug, a refusal and an answer of 404 among them, unless the filter says otherwise. */
function classifyText(
  filter: ts.Expression | undefined,
  outer: string,
  { eol, indent, quote, semicolon }: Surroundings['layout'],
): string {
  const quoted = (text: string): string => quote + text + quote;
  if (!filter) return `(result) => (${quoted('error')} in result ? ${quoted('failure')} : ${quoted('success')})`;
  const [parameter, ...others] = ts.isArrowFunction(filter) ? filter.parameters : [];
  const isPlain = ts.isArrowFunction(filter) && !filter.modifiers?.length && !ts.isBlock(filter.body);
  if (!isPlain || !parameter || others.length > 0) throw new Obstacle('option');
  const { name: error, type, initializer, dotDotDotToken } = parameter;
  if (initializer || dotDotDotToken || !ts.isIdentifier(error)) throw new Obstacle('option');
  // The function that it becomes part of has a name of its own for what it is given.
  if (mentions(filter, 'result')) throw new Obstacle('option');
  const lines = [
    `if (!(${quoted('error')} in result)) return ${quoted('success')}`,
    `const ${error.text} = result.error as ${type?.getText() ?? 'any'}`,
    `return (${filter.body.getText()}) ? ${quoted('success')} : ${quoted('failure')}`,
  ];
  return `(result) => {${eol}${lines.map((line) => `${outer}${indent}${line}${semicolon}${eol}`).join('')}${outer}}`;
}

/** Up to the parenthesis that the arguments begin with. */
function calleeEnd(made: ts.NewExpression): number {
  const file = made.getSourceFile();
  const open = made.getChildren(file).find(({ kind }) => kind === ts.SyntaxKind.OpenParenToken)!;
  const end = open.getStart(file);
  if (/\/[/*]/.test(file.text.slice(made.getStart(file), end))) throw new Obstacle('comment');
  return end;
}
