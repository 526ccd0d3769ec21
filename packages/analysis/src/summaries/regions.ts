import type ts from 'typescript';
import type { CatalogueIndex } from '../catalogue/catalogue-index.js';
import type { GuardForm, GuardRow, PolicyKind } from '../catalogue/catalogue.js';
import { argumentsOf, calleeOf, type CallLike, type FileFacts } from '../facts/file-facts.js';
import type { Project } from '../facts/project.js';
import type { Scopes } from '../facts/scopes.js';
import type { Instance, Meaning, Meanings } from '../resolver/meaning.js';
import type { GuardTarget, Targets } from '../resolver/targets.js';
import { rewrap, unwrap } from '../resolver/unwrap.js';
import type { TypeScript } from '../typescript.js';
import { createHandWritten } from './hand-written.js';

/** One policy of a guard, with what its library calls its options. */
export interface Policy {
  readonly kind: PolicyKind;
  /** Where it is written: the factory call, the decorator, the loop. */
  readonly node: ts.Node;
  readonly options?: ts.Expression | undefined;
  readonly row?: GuardRow;
  readonly module?: string;
}

/** A stretch of code that runs under policies. */
export interface Region {
  readonly form: GuardForm | 'loop' | 'recursion' | 'race' | 'breaker';
  /** What to show: the decorator, the wrapping call, the loop. */
  readonly node: ts.Node;
  readonly name: string;
  /** Outermost first; empty when they cannot be seen. */
  readonly policies: readonly Policy[];
  /** The function, or the expression, that runs under them. */
  readonly operation: ts.Node;
}

/** What surrounds a place, up to the function that others call by name. */
export interface Surroundings {
  /** From the inside out. */
  readonly regions: readonly Region[];
  /** The function around the place that others may call; absent when the module itself runs the code. */
  readonly owner?: ts.Node;
  /** Who runs the place, and under what, cannot be seen. */
  readonly isUncertain: boolean;
}

export interface Regions {
  around(place: ts.Node): Surroundings;
  /** The region that a call or decorator makes, when it makes one. */
  at(node: CallLike | ts.Decorator): Region | undefined;
  /** The policies that an expression stands for: a factory call, a pipeline, a variable that holds one. */
  policiesOf(expression: ts.Node): readonly Policy[];
}

/** Functions that run their callback later, when the guard around them is gone. */
const detaching = new Set(
  'setTimeout setInterval setImmediate queueMicrotask nextTick on once addListener addEventListener subscribe'.split(
    ' ',
  ),
);

/** More than anybody stacks: pipelines of pipelines would multiply. */
const maxPolicies = 50;

export function createRegions(
  ts: TypeScript,
  catalogue: CatalogueIndex,
  scopes: Scopes,
  facts: (file: ts.SourceFile) => FileFacts,
  project: () => Project,
  meanings: Meanings,
  targets: Targets,
  isTyped: boolean,
): Regions {
  const known = new WeakMap<ts.Node, Surroundings>();
  const helpers = new WeakMap<ts.Node, readonly Region[]>();
  const stacks = new WeakMap<ts.Node, readonly Policy[]>();
  const handWritten = createHandWritten(ts, scopes, facts, meanings);

  function around(place: ts.Node): Surroundings {
    let answer = known.get(place);
    if (!answer) known.set(place, (answer = look(place)));
    return answer;
  }

  function look(place: ts.Node): Surroundings {
    const regions: Region[] = [];
    let isUncertain = false;
    for (let node = place; node.parent; node = node.parent) {
      const byHand = handWritten(node, place);
      if (byHand) regions.push(byHand);
      const asArgument = asPromise(node);
      if (asArgument) regions.push(asArgument);
      regions.push(...piped(node));
      if (!ts.isFunctionLike(node)) continue;
      const outer = rewrap(ts, node);
      const { parent } = outer;
      if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
        if (parent.expression === outer) continue;
        const position = parent.arguments?.indexOf(outer as ts.Expression) ?? -1;
        if (position < 0) continue;
        const guard = targets.guard(parent);
        if (guard && isOperation(guard.row, position)) {
          regions.push(regionOf(guard, parent, node));
          continue;
        }
        if (ts.isCallExpression(parent)) {
          if (detaching.has(nameOfCallee(parent))) return { regions, owner: outer, isUncertain };
          const helper = helperOf(parent);
          if (helper) regions.push(...insideHelper(helper, position));
          else isUncertain ||= mayBeGuard(parent);
        }
        continue;
      }
      const decorated = ts.isPropertyDeclaration(parent) ? parent : node;
      for (const decorator of [...decoratorsOf(decorated)].reverse()) {
        const region = at(decorator);
        if (region) regions.push(region);
        else isUncertain ||= mayBeGuard(decorator);
      }
      isUncertain ||= isHandedOn(outer);
      const isNamed =
        ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent);
      return { regions, owner: isNamed ? parent : node, isUncertain };
    }
    return { regions, isUncertain };
  }

  /** A function in a list, or the answer of a function whose answers are handed to others, who may guard it. */
  function isHandedOn(outer: ts.Node): boolean {
    const { parent } = outer;
    if (ts.isArrayLiteralExpression(parent)) return true;
    if (!ts.isReturnStatement(parent) && !ts.isArrowFunction(parent)) return false;
    let maker: ts.Node | undefined = parent;
    while (maker && !ts.isFunctionLike(maker)) maker = maker.parent;
    const name = maker && nameOfFunction(maker);
    if (name === undefined) return true;
    return project()
      .mentioning(name)
      .some((file) => facts(file).mentions.get(name)!.some(isResultPassed));
  }

  function nameOfFunction(node: ts.Node): string | undefined {
    const { name } = node as Partial<ts.NamedDeclaration>;
    if (name) return name.getText();
    const { parent } = rewrap(ts, node);
    const isNamed =
      ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent);
    return isNamed ? parent.name.getText() : undefined;
  }

  /** `guard(makeLoader(url), …)` */
  function isResultPassed(mention: ts.Node): boolean {
    const access = mention.parent;
    const callee = ts.isPropertyAccessExpression(access) && access.name === mention ? access : mention;
    const call = callee.parent;
    if (!ts.isCallExpression(call) || call.expression !== callee) return false;
    const outer = rewrap(ts, call);
    return ts.isCallExpression(outer.parent) && outer.parent.expression !== outer;
  }

  function decoratorsOf(node: ts.Node): readonly ts.Decorator[] {
    return (ts.canHaveDecorators(node) && ts.getDecorators(node)) || [];
  }

  function isOperation({ form, operation = 0 }: GuardRow, position: number): boolean {
    return (form === 'wrapper' || form === 'wraps') && position === operation;
  }

  /** `pTimeout(fetch(url), …)`: a promise, or a call that makes one, is handed to the guard. */
  function asPromise(node: ts.Node): Region | undefined {
    const { parent } = node;
    if (!ts.isCallExpression(parent) || parent.expression === node || ts.isFunctionLike(node)) return undefined;
    const position = parent.arguments.indexOf(node as ts.Expression);
    const guard = position < 0 ? undefined : targets.guard(parent);
    if (!guard || !isOperation(guard.row, position)) return undefined;
    // Only a promise that is made right here is under the guard; a name stands for something made elsewhere.
    return ts.isCallExpression(unwrap(ts, node)) ? regionOf(guard, parent, node) : undefined;
  }

  /** `http.get(url).pipe(timeout(2_000), retry(2))` and `pipe(effect, Effect.timeout('2 seconds'))` */
  function piped(node: ts.Node): Region[] {
    const { parent } = node;
    let pipe: ts.CallExpression | undefined;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === node && parent.name.text === 'pipe') {
      if (ts.isCallExpression(parent.parent) && parent.parent.expression === parent) pipe = parent.parent;
    } else if (ts.isCallExpression(parent) && parent.arguments[0] === node && nameOfCallee(parent) === 'pipe') {
      pipe = parent;
    }
    return (pipe?.arguments ?? []).flatMap((argument) => {
      const operator = unwrap(ts, argument);
      const guard = ts.isCallExpression(operator) ? targets.guard(operator) : undefined;
      return guard?.row.form === 'operator' ? [regionOf(guard, operator as ts.CallExpression, node)] : [];
    });
  }

  function at(node: CallLike | ts.Decorator): Region | undefined {
    if (ts.isDecorator(node)) {
      const guard = targets.decorator(node);
      if (!guard || !ts.isCallExpression(node.expression)) return undefined;
      return { ...regionOf(guard, node.expression, node.parent), node };
    }
    const guard = targets.guard(node);
    const isGuard = guard && ['wrapper', 'wraps', 'attaches'].includes(guard.row.form);
    const operation = argumentsOf(node)[guard?.row.operation ?? 0];
    return isGuard && operation ? regionOf(guard, node, operation) : undefined;
  }

  function regionOf(guard: GuardTarget, call: CallLike, operation: ts.Node): Region {
    return {
      form: guard.row.form,
      node: call,
      name: guard.row.name,
      policies: policiesOfCall(guard, call),
      operation,
    };
  }

  function policiesOfCall({ row, module, owner }: GuardTarget, call: CallLike): readonly Policy[] {
    const given = argumentsOf(call);
    const options = row.options === undefined ? undefined : given[row.options];
    const own = row.policies.map((kind): Policy => ({ kind, node: call, options, row, module }));
    if (own.length > 0) return own;
    let answer = stacks.get(call);
    if (!answer) {
      // Pipelines that are parts of each other, as half-typed code may say, add nothing.
      stacks.set(call, []);
      stacks.set(call, (answer = policiesGiven({ row, module, owner }, call).slice(0, maxPolicies)));
    }
    return answer;
  }

  function policiesGiven({ row, owner }: GuardTarget, call: CallLike): readonly Policy[] {
    const given = argumentsOf(call);
    if (owner?.kind === 'instance' && owner.creation) return policiesOf(owner.creation);
    const operation = row.form === 'factory' || row.form === 'decorator' ? -1 : (row.operation ?? 0);
    return given.flatMap((argument, position) => (position === operation ? [] : policiesOf(argument)));
  }

  function policiesOf(expression: ts.Node, depth = 0): readonly Policy[] {
    const node = unwrap(ts, expression);
    if (depth > 8) return [];
    if (ts.isSpreadElement(node)) return policiesOf(node.expression, depth + 1);
    if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap((element) => policiesOf(element, depth + 1));
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const guard = targets.guard(node);
      return guard ? policiesOfCall(guard, node) : [];
    }
    const meaning = meanings.of(node);
    if (meaning?.kind !== 'instance' || !meaning.creation || meaning.creation === node) return [];
    return policiesOf(meaning.creation, depth + 1);
  }

  /** A function of the project that a callback is handed to. */
  function helperOf(call: CallLike): ts.FunctionLikeDeclaration | undefined {
    const callee = meanings.of(calleeOf(call));
    const node = callee?.kind === 'function' ? callee.node : undefined;
    return node && (node as ts.FunctionLikeDeclaration).body ? (node as ts.FunctionLikeDeclaration) : undefined;
  }

  /** What a helper runs its callback under, when it does so wherever it runs it. */
  function insideHelper(helper: ts.FunctionLikeDeclaration, position: number): readonly Region[] {
    const parameter = helper.parameters[Math.min(position, helper.parameters.length - 1)];
    if (!parameter || !ts.isIdentifier(parameter.name)) return [];
    let answer = helpers.get(parameter);
    if (!answer) {
      // A helper that hands its callback to itself adds nothing.
      helpers.set(parameter, []);
      helpers.set(parameter, (answer = runsUnder(helper, parameter, parameter.name)));
    }
    return answer;
  }

  function runsUnder(
    helper: ts.FunctionLikeDeclaration,
    parameter: ts.ParameterDeclaration,
    name: ts.Identifier,
  ): readonly Region[] {
    let shared: readonly Region[] | undefined;
    for (const mention of facts(helper.getSourceFile()).mentions.get(name.text) ?? []) {
      if (mention === name || !isInside(mention, helper) || scopes.find(name.text, mention) !== parameter) continue;
      const regions = regionsOfUse(mention, helper);
      if (!regions) continue;
      if (regions.length === 0) return [];
      shared ??= regions;
    }
    return shared ?? [];
  }

  /** The regions around a call of the callback, or of the guard it is handed on to. */
  function regionsOfUse(mention: ts.Node, within: ts.Node): readonly Region[] | undefined {
    const outer = rewrap(ts, mention);
    const call = outer.parent;
    if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return undefined;
    const here = around(call).regions;
    if (call.expression === outer) return here;
    const position = call.arguments?.indexOf(outer as ts.Expression) ?? -1;
    const guard = targets.guard(call);
    if (guard && isOperation(guard.row, position)) return [regionOf(guard, call, outer), ...here];
    const helper = ts.isCallExpression(call) ? helperOf(call) : undefined;
    // What a helper hands to itself, it runs as it runs everything.
    return helper && helper !== within ? [...insideHelper(helper, position), ...here] : undefined;
  }

  /** Something of another file that is not in sight, and may be a guard for all we know. */
  function mayBeGuard(site: ts.CallExpression | ts.Decorator): boolean {
    let callee: ts.Node = unwrap(ts, site.expression);
    if (ts.isDecorator(site) && ts.isCallExpression(callee)) callee = unwrap(ts, callee.expression);
    const meaning = meanings.of(callee);
    if (ts.isDecorator(site)) return mayDecorate(meaning, callee);
    if (meaning || isTyped) return false;
    if (ts.isPropertyAccessExpression(callee)) {
      // A method says by its name whether it could be one.
      if (![...catalogue.modulesWith(callee.name.text)].some((module) => catalogue.guardModules.has(module)))
        return false;
      callee = unwrap(ts, callee.expression);
      if (callee.kind === ts.SyntaxKind.ThisKeyword || ts.isPropertyAccessExpression(callee)) return true;
    }
    return ts.isIdentifier(callee) && scopes.find(callee.text, callee) !== undefined;
  }

  /** A decorator of the project that changes the method may guard it; those of frameworks only tell of it. */
  function mayDecorate(meaning: Meaning | undefined, callee: ts.Node): boolean {
    if (meaning?.kind === 'function') {
      return /\.value\b|\baddInitializer\b|\bapply\b|\bcall\b/.test(meaning.node.getText());
    }
    if (meaning) return false;
    return !isTyped && ts.isIdentifier(callee) && scopes.find(callee.text, callee) !== undefined;
  }

  function nameOfCallee(call: ts.CallExpression): string {
    const callee = unwrap(ts, call.expression);
    if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
    return ts.isIdentifier(callee) ? callee.text : '';
  }

  return { around, at, policiesOf: (expression) => policiesOf(expression) };
}

export function isInside(node: ts.Node, container: ts.Node): boolean {
  return node.pos >= container.pos && node.end <= container.end && node.getSourceFile() === container.getSourceFile();
}

export type { Instance };
