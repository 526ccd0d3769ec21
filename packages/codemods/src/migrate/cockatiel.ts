import { ts } from 'ts-morph';
import type { Imports } from '../imports.js';
import { kebabCase } from '../names.js';
import { symbolOf } from '../nodes.js';
import type { Edit, MigrationSkipReason } from '../plan.js';
import type { ExportOf } from './cockatiel-handled.js';
import { contextUses, countFromZero, isHandedOver } from './cockatiel-operation.js';
import { isFactory, policyText, type Factory, type PolicyText } from './cockatiel-policies.js';
import { holderOf, usesOfHeld } from './held-values.js';
import { Obstacle, obstructed, type Migration, type Rewrite, type Site, type Surroundings } from './migration.js';
import { inAnyOwnFile } from './own-files.js';
import { callOf, usesOf, type PackageUse } from './package-uses.js';
import { objectText } from './rewrite.js';

const name = 'cockatiel';
const runtime = '@holdfast/runtime';

/**
 * `retry(handleAll, { maxAttempts: 3 })` becomes a retry of Holdfast, and so do its relatives. Policies that are combined by `wrap` are
 * changed together, with all their uses, or not at all.
 */
export const cockatiel: Migration = {
  packages: [name],
  sites(around) {
    const { uses, others, version } = usesOf(around.file, around.program, name);
    const exports = new Map<ts.Node, string>(uses.map((use) => [use.node, use.export]));
    const exportOf: ExportOf = (node) => exports.get(node);
    const policies = policiesOf(uses, exportOf, around.program.getTypeChecker());
    const isPart = ({ node }: PackageUse): boolean =>
      policies.some(({ call }) => call.pos <= node.pos && node.end <= call.end);
    const whole = /^[34]\./.test(version ?? '') ? undefined : 'version';
    return [
      ...groupsOf(policies).flatMap((group) => sitesOf(group, whole, exportOf, around)),
      ...uses.filter((use) => !isPart(use)).map((use) => obstructed(use.node, use.node, reasonFor(use))),
      ...others.map((node) => obstructed(node, node, 'other-import')),
    ];
  },
};

/** A call that makes a policy, and what is done with that. */
interface Policy {
  readonly call: ts.CallExpression;
  /** Calls of its `execute`. */
  readonly executions: ts.CallExpression[];
  /** What it wraps, outermost first; undefined for one that is no `wrap`. */
  members: readonly Policy[] | undefined;
  /** What stands against a change, whatever becomes of the others. */
  obstacle: MigrationSkipReason | undefined;
}

/** All policies of the file, each with what it is used for. */
function policiesOf(uses: readonly PackageUse[], exportOf: ExportOf, checker: ts.TypeChecker): Policy[] {
  const places = new Map<ts.Node, Policy>();
  const policies = uses.flatMap((use): Policy[] => {
    const call = makesPolicy(use) ? callOf(use) : undefined;
    return call ? [{ call, executions: [], members: undefined, obstacle: undefined }] : [];
  });
  for (const policy of policies) {
    policy.obstacle = obstacleIn(() => {
      for (const place of placesOf(policy.call, checker)) {
        const execution = executionOf(place);
        if (execution) policy.executions.push(execution);
        else if (isWrapped(place, exportOf)) places.set(place, policy);
        else throw new Obstacle(isListenedTo(place) ? 'listener' : 'other-use');
      }
    });
  }
  for (const policy of policies.filter(({ call }) => exportOf(call.expression) === 'wrap')) {
    const { arguments: given, typeArguments } = policy.call;
    policy.members = given.flatMap((argument) => places.get(argument) ?? []);
    if (given.length === 0 || policy.members.length < given.length || typeArguments) policy.obstacle ??= 'other-use';
  }
  return policies;
}

/** Where the policy that a call makes is used. */
function placesOf(call: ts.CallExpression, checker: ts.TypeChecker): readonly ts.Expression[] {
  const holder = holderOf(call, checker, (type) => isTypeOfLibrary(type, checker));
  return holder ? usesOfHeld(holder, checker) : [call];
}

/** `IPolicy`, `RetryPolicy`, `ReturnType<typeof wrap>` and the like. */
function isTypeOfLibrary(type: ts.TypeNode, checker: ts.TypeChecker): boolean {
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return false;
  const [argument] = type.typeArguments ?? [];
  const isResult = type.typeName.text === 'ReturnType' && argument && ts.isTypeQueryNode(argument);
  const named = isResult ? argument.exprName : type.typeName;
  if (!ts.isIdentifier(named)) return false;
  const specifier = symbolOf(checker, named)?.declarations?.find(ts.isImportSpecifier);
  const from = specifier?.parent.parent.parent.moduleSpecifier;
  return from !== undefined && ts.isStringLiteral(from) && from.text === name;
}

function executionOf(place: ts.Expression): ts.CallExpression | undefined {
  const { parent } = place;
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== place || parent.name.text !== 'execute') {
    return undefined;
  }
  const call = parent.parent;
  return ts.isCallExpression(call) && call.expression === parent && !ts.isOptionalChain(call) ? call : undefined;
}

function isWrapped(place: ts.Expression, exportOf: ExportOf): boolean {
  const { parent } = place;
  return ts.isCallExpression(parent) && parent.expression !== place && exportOf(parent.expression) === 'wrap';
}

function isListenedTo({ parent }: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(parent) && /^on[A-Z]/.test(parent.name.text);
}

/** Policies that are connected by being wrapped. */
function groupsOf(policies: readonly Policy[]): Policy[][] {
  const groups = new Set(policies.map((policy) => [policy]));
  for (const policy of policies) {
    const own = [...groups].filter((group) => [policy, ...(policy.members ?? [])].some((one) => group.includes(one)));
    for (const group of own) groups.delete(group);
    groups.add(own.flat());
  }
  return [...groups];
}

/** One site for all policies of a group, named after the last, which holds the others; or why each of them stays. */
function sitesOf(
  group: readonly Policy[],
  whole: MigrationSkipReason | undefined,
  exportOf: ExportOf,
  around: Surroundings,
): Site[] {
  const checker = around.program.getTypeChecker();
  const texts = new Map<Policy, PolicyText>();
  const reasons = new Map<Policy, MigrationSkipReason>();
  const look = (policy: Policy, check: () => void): void => {
    const reason = whole ?? policy.obstacle ?? obstacleIn(check);
    if (reason) reasons.set(policy, reason);
  };
  for (const policy of group.filter(({ members }) => !members)) {
    look(policy, () => {
      const text = policyText(policy.call, exportOf, checker);
      texts.set(policy, text);
      checkLayers([text], policy, around.program);
    });
  }
  // What they do together is asked only when each of them can be changed.
  const isSure = reasons.size === 0;
  for (const policy of group.filter(({ members }) => members)) {
    look(policy, () => {
      const layers = layersOf(policy).map((layer) => texts.get(layer));
      if (isSure) checkLayers(layers as PolicyText[], policy, around.program);
    });
  }
  if (reasons.size > 0) {
    return group.map((policy) => obstructed(policy.call, policy.call.expression, reasons.get(policy) ?? 'together'));
  }
  const [last] = [...group].sort((a, b) => b.call.pos - a.call.pos);
  const site = { node: last!.call, shown: last!.call.expression };
  return [{ ...site, rewrite: () => rewrite(group, texts, around) }];
}

/** @param layers What the executions of a policy go through, outermost first. */
function checkLayers(layers: readonly PolicyText[], { executions }: Policy, program: ts.Program): void {
  const innermost = layers.findLastIndex(({ factory }) => throwsOwnErrors(factory));
  if (innermost >= 0 && tellsErrors(program)) throw new Obstacle('error-class');
  // Conditions outside of it are asked about its errors.
  if (layers.some(({ asksAboutErrors }, index) => asksAboutErrors && index < innermost)) {
    throw new Obstacle('error-class');
  }
  if (layers.slice(0, -1).some(({ factory }) => factory === 'timeout')) throw new Obstacle('order');
  for (const execution of executions) checkExecution(execution, layers, program);
}

function checkExecution(execution: ts.CallExpression, layers: readonly PolicyText[], program: ts.Program): void {
  const checker = program.getTypeChecker();
  const [operation, ...rest] = execution.arguments;
  if (!operation || ts.isSpreadElement(operation)) throw new Obstacle('operation');
  if (rest.length > 0) throw new Obstacle('caller-signal');
  const { signals, attempts } = contextUses(operation, checker);
  if (attempts.length > 0 && !layers.some(({ factory }) => factory === 'retry')) throw new Obstacle('operation');
  if (layers.some(({ factory }) => factory === 'timeout') && signals.length > 0) {
    // The reason of the signal is another one.
    if (tellsAborts(program)) throw new Obstacle('error-class');
    const isSure = signals.every((signal) => isHandedOver(signal, checker));
    if (!isSure && layers.some(({ abortsOnReturn }) => abortsOnReturn)) throw new Obstacle('signal');
  }
  if (layers.some(({ factory }) => factory === 'fallback') && !isOfOneType(execution, operation, checker)) {
    throw new Obstacle('fallback-type');
  }
}

/** What is executed has the type of the operation in Holdfast, and that of the fallback too in cockatiel. */
function isOfOneType(execution: ts.CallExpression, operation: ts.Expression, checker: ts.TypeChecker): boolean {
  const all = checker.getAwaitedType(checker.getTypeAtLocation(execution));
  const [signature] = checker.getTypeAtLocation(operation).getCallSignatures();
  const own = signature && checker.getAwaitedType(checker.getReturnTypeOfSignature(signature));
  return all !== undefined && own !== undefined && checker.isTypeAssignableTo(all, own);
}

/** The policies that a call goes through, outermost first. */
function layersOf(policy: Policy, around: readonly Policy[] = []): Policy[] {
  if (around.includes(policy)) throw new Obstacle('other-use');
  return policy.members ? policy.members.flatMap((member) => layersOf(member, [...around, policy])) : [policy];
}

function throwsOwnErrors(factory: Factory): boolean {
  return factory === 'timeout' || factory === 'circuitBreaker' || factory === 'bulkhead';
}

/** The errors may be caught far from the policy, by their class, a helper, or a property. */
const tellsErrors = inAnyOwnFile(({ text }) =>
  /(?:BrokenCircuit|BulkheadRejected|HydratingCircuit|IsolatedCircuit|TaskCancelled)Error/.test(text),
);
const tellsAborts = inAnyOwnFile(({ text }) => text.includes('AbortError'));

function rewrite(
  group: readonly Policy[],
  texts: ReadonlyMap<Policy, PolicyText>,
  { file, program, layout, imports }: Surroundings,
): Rewrite {
  const checker = program.getTypeChecker();
  const edits = group.flatMap((policy): Edit[] => {
    const { call, executions } = policy;
    const start = call.getStart(file);
    const counts = executions.flatMap(({ arguments: [operation] }) =>
      countFromZero(contextUses(operation!, checker).attempts),
    );
    const others = [...counts, ...typeEdits(call, checker, imports)];
    const policyText = texts.get(policy);
    if (!policyText) return [{ start, end: call.expression.end, text: imports.use(runtime, 'pipeline') }, ...others];
    const { factory, given } = policyText;
    const callee = imports.use(runtime, factory);
    const text = typeof given === 'string' ? given : objectText(file.text, start, callee.length + 1, given, layout);
    return [{ start, end: call.end, text: `${callee}(${text})` }, ...others];
  });
  const factories = [...texts.values()].map(({ factory }) => factory);
  return { edits, policies: factories.map(kebabCase), notes: notesFor(factories) };
}

/** The type of the library that the holder is declared to be of: where it holds its value at once, that says enough. */
function typeEdits(call: ts.CallExpression, checker: ts.TypeChecker, imports: Imports): Edit[] {
  const holder = holderOf(call, checker, () => true);
  if (!holder?.type) return [];
  if (holder.initializer) return [{ start: holder.name.end, end: holder.type.end, text: '' }];
  return [{ start: holder.type.getStart(), end: holder.type.end, text: imports.useType(runtime, 'Policy') }];
}

function notesFor(factories: readonly Factory[]): NonNullable<Rewrite['notes']> {
  const notes: NonNullable<Rewrite['notes']>[number][] = [];
  if (factories.some(throwsOwnErrors)) {
    notes.push({
      code: 'error-type',
      message:
        'What a timeout, a breaker or a bulkhead rejects with is an error of @holdfast/runtime: class, message and properties are not those of cockatiel. A timeout does not keep the process alive.',
    });
  }
  if (factories.includes('circuitBreaker')) {
    notes.push({
      code: 'half-open',
      message:
        'While a half-open breaker tries one call, others are refused at once; cockatiel lets them wait for what comes of it, and then sends all of them.',
    });
  }
  return notes;
}

function makesPolicy(use: PackageUse): boolean {
  return isFactory(use.export) || use.export === 'wrap';
}

function reasonFor(use: PackageUse): MigrationSkipReason {
  if (use.export.endsWith('Error')) return 'error-class';
  return makesPolicy(use) ? 'not-a-call' : 'other-use';
}

function obstacleIn(look: () => void): MigrationSkipReason | undefined {
  try {
    look();
    return undefined;
  } catch (error) {
    if (error instanceof Obstacle) return error.reason;
    throw error;
  }
}
