import type ts from 'typescript';
import type { CatalogueIndex } from '../catalogue/catalogue-index.js';
import { argumentsOf, calleeOf, type CallLike, type FileFacts } from '../facts/file-facts.js';
import type { Project } from '../facts/project.js';
import type { Outbound, Outbounds } from '../outbound.js';
import type { Meaning, Meanings } from '../resolver/meaning.js';
import { quietMembers, type Targets } from '../resolver/targets.js';
import { unwrap } from '../resolver/unwrap.js';
import type { TypeScript } from '../typescript.js';
import type { Budget } from './budget.js';
import { isInside } from './regions.js';

/** An outbound call that running a piece of code leads to. */
export interface Reached {
  readonly outbound: Outbound;
  /** The calls on the way, the outermost first; empty when the code makes the call itself. */
  readonly path: readonly CallLike[];
}

export interface Reachable {
  /** Every outbound call that running the code leads to, each by a shortest way. */
  from(code: ts.Node): readonly Reached[];
  /** Every call in the code and in what it leads to, outbound or not, with the way there. */
  callsFrom(code: ts.Node): readonly { readonly call: CallLike; readonly path: readonly CallLike[] }[];
  /** The functions of the project that a call may run; what is called and what is handed to it to be called. */
  calleesOf(call: CallLike): readonly ts.FunctionLikeDeclaration[];
  /** The function that an expression stands for, when it has a body. */
  functionsOf(expression: ts.Node): readonly ts.FunctionLikeDeclaration[];
}

const maxDepth = 8;
const maxImplementers = 3;

export function createReachable(
  ts: TypeScript,
  catalogue: CatalogueIndex,
  facts: (file: ts.SourceFile) => FileFacts,
  project: () => Project,
  meanings: Meanings,
  targets: Targets,
  outbounds: Outbounds,
  isTyped: boolean,
  budget: Budget,
): Reachable {
  const reached = new WeakMap<ts.Node, readonly Reached[]>();
  const callees = new WeakMap<ts.Node, readonly ts.FunctionLikeDeclaration[]>();
  const heirs = new Map<string, readonly ts.ClassLikeDeclaration[]>();

  function from(code: ts.Node): readonly Reached[] {
    let answer = reached.get(code);
    if (!answer) {
      const found: Reached[] = [];
      for (const { body, path } of walk(code)) {
        for (const outbound of outbounds.inside(body)) found.push({ outbound, path });
      }
      reached.set(code, (answer = found));
    }
    return answer;
  }

  /** The code itself, then the functions it leads to, breadth first: recursion ends, and each way is a shortest one. */
  function* walk(code: ts.Node): Iterable<{ readonly body: ts.Node; readonly path: readonly CallLike[] }> {
    const start = bodyOf(code);
    const seen = new Set<ts.Node>([start]);
    const queue: { body: ts.Node; path: readonly CallLike[] }[] = [{ body: start, path: [] }];
    for (const step of queue) {
      yield step;
      if (step.path.length >= maxDepth || !budget.spend()) continue;
      for (const call of callsIn(step.body)) {
        for (const callee of calleesOf(call)) {
          const body = callee.body!;
          // A callback that is written in the code is part of it already.
          if (seen.has(body) || isInside(body, step.body)) continue;
          seen.add(body);
          queue.push({ body, path: [...step.path, call] });
        }
      }
    }
  }

  function bodyOf(code: ts.Node): ts.Node {
    const node = unwrap(ts, code);
    if (ts.isFunctionLike(node)) return (node as ts.FunctionLikeDeclaration).body ?? node;
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) return functionsOf(node)[0]?.body ?? node;
    return node;
  }

  function callsIn(body: ts.Node): readonly CallLike[] {
    return facts(body.getSourceFile()).calls.filter((call) => call.pos >= body.pos && call.end <= body.end);
  }

  function calleesOf(call: CallLike): readonly ts.FunctionLikeDeclaration[] {
    let answer = callees.get(call);
    if (!answer) {
      const found = new Set(functionsOf(calleeOf(call)));
      for (const argument of argumentsOf(call)) {
        const value = unwrap(ts, argument);
        if (ts.isIdentifier(value) || ts.isPropertyAccessExpression(value)) {
          if (meanings.of(value)?.kind === 'function') functionsOf(value).forEach((node) => found.add(node));
        }
      }
      callees.set(call, (answer = [...found]));
    }
    return answer;
  }

  function functionsOf(expression: ts.Node): readonly ts.FunctionLikeDeclaration[] {
    const node = unwrap(ts, expression) as ts.Expression;
    if (ts.isFunctionLike(node)) return withBody(node);
    let meaning = meanings.of(node);
    // Members of every array and string would cost a type each and lead nowhere.
    if (!meaning && isTyped && ts.isPropertyAccessExpression(node) && !quietMembers.has(node.name.text)) {
      meaning = meanings.memberOf(meanings.typed(node.expression), node.name.text);
    }
    return functionsOfMeaning(meaning);
  }

  function functionsOfMeaning(meaning: Meaning | undefined): readonly ts.FunctionLikeDeclaration[] {
    if (meaning?.kind === 'function') return withBody(meaning.node);
    if (meaning?.kind === 'class') {
      return meaning.node.members.filter((member) => ts.isConstructorDeclaration(member)).flatMap(withBody);
    }
    const owner = meaning?.kind === 'member' ? meaning.owner : meaning;
    if (owner?.kind !== 'instance' || !owner.creation) return [];
    // `breaker.fire()` runs what the breaker was made around.
    const guard = targets.guard(owner.creation);
    const operation = guard?.row.form === 'wraps' && argumentsOf(owner.creation)[guard.row.operation ?? 0];
    return operation ? functionsOf(operation) : [];
  }

  function withBody(node: ts.SignatureDeclaration): readonly ts.FunctionLikeDeclaration[] {
    if ((node as ts.FunctionLikeDeclaration).body) return [node as ts.FunctionLikeDeclaration];
    return implementations(node);
  }

  /** The methods behind a signature, when few classes of the project have it. */
  function implementations(signature: ts.SignatureDeclaration, depth = 0): readonly ts.FunctionLikeDeclaration[] {
    const type = signature.parent;
    const { name } = signature;
    if (!name || !ts.isIdentifier(name)) return [];
    if (!ts.isInterfaceDeclaration(type) && !ts.isClassLike(type)) return [];
    if (!type.name) return [];
    const classes = heirsOf(type.name.text).filter((heir) => isHeir(heir, type));
    if (classes.length > maxImplementers) return [];
    const found = classes.flatMap((heir) => {
      const member = meanings.memberNode(heir, name.text);
      const value = member && ts.isPropertyDeclaration(member) && member.initializer ? member.initializer : member;
      if (!value || !ts.isFunctionLike(value) || depth > 3) return [];
      // An abstract class in between leaves it to its own heirs.
      return (value as ts.FunctionLikeDeclaration).body
        ? [value as ts.FunctionLikeDeclaration]
        : implementations(value, depth + 1);
    });
    return found.length > maxImplementers ? [] : found;
  }

  function isHeir(heir: ts.ClassLikeDeclaration, type: ts.Node): boolean {
    return (heir.heritageClauses ?? []).some(({ types }) =>
      types.some(({ expression }) => {
        const base = meanings.of(expression);
        return (base?.kind === 'object' || base?.kind === 'class') && base.node === type;
      }),
    );
  }

  /** The classes that name a type as their base. */
  function heirsOf(name: string): readonly ts.ClassLikeDeclaration[] {
    let found = heirs.get(name);
    if (!found) {
      const names = ({ expression }: ts.ExpressionWithTypeArguments): boolean => {
        const base = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
        return ts.isIdentifier(base) && base.text === name;
      };
      found = project()
        .mentioning(name)
        .flatMap((file) => facts(file).classes)
        .filter(({ heritageClauses = [] }) => heritageClauses.some(({ types }) => types.some(names)));
      heirs.set(name, found);
    }
    return found;
  }

  return {
    from,
    callsFrom: (code) => [...walk(code)].flatMap(({ body, path }) => callsIn(body).map((call) => ({ call, path }))),
    calleesOf,
    functionsOf,
  };
}
