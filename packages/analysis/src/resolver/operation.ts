import type ts from 'typescript';
import type { CatalogueIndex } from '../catalogue/catalogue-index.js';
import type { Effect, EffectSource, MemberRow } from '../catalogue/catalogue.js';
import { argumentsOf, type FileFacts } from '../facts/file-facts.js';
import type { Scopes } from '../facts/scopes.js';
import type { TypeScript } from '../typescript.js';
import type { CheckerPort } from './checker-port.js';
import { isGraphql, graphqlEffect } from './graphql.js';
import type { ArgumentsFor, Option, ReadOption } from './options.js';
import { referencesTo } from './references.js';
import { sqlEffect } from './sql.js';
import type { OutboundNode, Target } from './targets.js';
import { unwrap } from './unwrap.js';

/** What RFC 9110 (section 9.2) says about repeating a method. */
const methodEffects: Readonly<Record<string, Effect>> = {
  GET: 'read',
  HEAD: 'read',
  OPTIONS: 'read',
  TRACE: 'read',
  QUERY: 'read',
  PUT: 'idempotent-write',
  DELETE: 'idempotent-write',
  POST: 'write',
  PATCH: 'write',
};

const readVerbs =
  /^(?:get|list|find|fetch|read|retrieve|describe|head|query|search|scan|count|lookup|look|check|exists|has|is|select|load|download|batchGet|view|show|ping|poll|resolve|verify|validate|stat|watch|iterate|estimate|simulate)(?![a-z])/;
const idempotentVerbs =
  /^(?:put|delete|remove|destroy|set|update|upsert|replace|unset|cancel|close|clear|archive|restore|enable|disable|assign|unassign|tag|untag|del|batchWrite|edit|modify|revoke|sync|mark|expire|ensure|overwrite|batchDelete)(?![a-z])/;
const writeVerbs =
  /^(?:create|add|send|post|publish|insert|start|run|invoke|submit|append|push|emit|enqueue|upload|import|copy|increment|incr|decrement|decr|charge|pay|refund|capture|transfer|register|reply|respond|notify|execute|exec|trigger|issue|generate|comment|subscribe|order|book|broadcast|dispatch|deliver)(?![a-z])/;

/** What the operation does, by the method or the text that says so. */
export interface Operation {
  readonly method?: string;
  readonly effect: Effect;
  /** The key that lets the receiver drop a repetition. */
  readonly hasKey?: true;
  /** What is given as that key, and what the call does without it. */
  readonly key?: { readonly value: ts.Node; readonly without: Effect };
  /** Callers differ in what they make it do. */
  readonly anyOf?: readonly Effect[];
}

/** Reads what a call does: its method, its SQL, its idempotency key, and where its options are. */
export interface Operations {
  of(node: OutboundNode, target: Target): Operation;
  optionsArgument(node: OutboundNode, row: MemberRow): number;
  /** The arguments hide the options: spread, or an object such as `Request` that has its own. */
  isOpaque(node: OutboundNode, row: MemberRow): boolean;
  /** The text of a string, template or constant, with `?` for what is put in; `undefined` when it cannot be seen. */
  textOf(node: ts.Node | undefined): string | undefined;
}

export function createOperations(
  ts: TypeScript,
  scopes: Scopes,
  catalogue: CatalogueIndex,
  facts: (file: ts.SourceFile) => FileFacts,
  readOption: ReadOption,
  checker: CheckerPort | undefined,
  argumentsFor: ArgumentsFor = () => undefined,
): Operations {
  const argumentsOfNode = (node: OutboundNode): readonly ts.Expression[] =>
    ts.isAwaitExpression(node) ? [] : argumentsOf(node);

  function positions({ options }: MemberRow): readonly number[] {
    return options === undefined ? [] : typeof options === 'number' ? [options] : options;
  }

  function optionsArgument(node: OutboundNode, row: MemberRow): number {
    const all = positions(row);
    const last = all[all.length - 1] ?? argumentsOfNode(node).length;
    return all.find((position) => position === last || mayBeOptions(argumentsOfNode(node)[position])) ?? last;
  }

  /** For overloads such as `axios(config)` and `axios(url, config)`. */
  function mayBeOptions(argument: ts.Expression | undefined): boolean {
    if (!argument) return false;
    const expression = unwrap(ts, argument) as ts.Expression;
    if (ts.isObjectLiteralExpression(expression)) return true;
    if (ts.isStringLiteralLike(expression) || ts.isTemplateExpression(expression)) return false;
    return checker?.mayHaveProperty(expression, 'url') ?? false;
  }

  function isOpaque(node: OutboundNode, { carrier }: MemberRow): boolean {
    const given = argumentsOfNode(node);
    if (given.some((argument) => ts.isSpreadElement(argument))) return true;
    const first = given[0];
    if (carrier === undefined || !first) return false;
    const expression = unwrap(ts, first) as ts.Expression;
    if (ts.isNewExpression(expression) && ts.isIdentifier(expression.expression)) {
      return expression.expression.text === carrier;
    }
    if (ts.isStringLiteralLike(expression) || ts.isTemplateExpression(expression)) return false;
    if (!checker) return annotation(expression) === carrier;
    return checker.typesOf(expression).some((declaration) => nameOf(declaration) === carrier);
  }

  function annotation(expression: ts.Expression): string | undefined {
    const declaration = ts.isIdentifier(expression) ? scopes.find(expression.text, expression) : undefined;
    return declaration && (ts.isParameter(declaration) || ts.isVariableDeclaration(declaration))
      ? declaration.type?.getText()
      : undefined;
  }

  function nameOf(node: ts.Node): string | undefined {
    const { name } = node as Partial<ts.NamedDeclaration>;
    return name && ts.isIdentifier(name) ? name.text : undefined;
  }

  function textOf(node: ts.Node | undefined, steps = 0): string | undefined {
    if (!node || steps > 8) return undefined;
    const expression = unwrap(ts, node);
    if (ts.isStringLiteralLike(expression)) return expression.text;
    if (ts.isTemplateExpression(expression)) {
      return expression.head.text + expression.templateSpans.map(({ literal }) => `?${literal.text}`).join('');
    }
    if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken) {
      const left = textOf(expression.left, steps + 1);
      return left === undefined ? undefined : left + (textOf(expression.right, steps + 1) ?? '?');
    }
    if (ts.isTaggedTemplateExpression(expression)) return textOf(expression.template, steps + 1);
    if (ts.isObjectLiteralExpression(expression)) {
      for (const name of ['text', 'sql', 'query']) {
        const option = readOption(expression, name);
        if (option.state === 'present') return textOf(option.value, steps + 1);
      }
      return undefined;
    }
    if (ts.isIdentifier(expression)) {
      const declaration = scopes.find(expression.text, expression);
      if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer) {
        return textOf(declaration.initializer, steps + 1);
      }
    }
    return undefined;
  }

  function effectOfMethods(methods: readonly string[]): Operation {
    const effects = new Set(methods.map((method) => methodEffect(method)));
    const [method] = methods;
    const effect = effects.size === 1 ? [...effects][0]! : 'unknown';
    if (methods.length === 1 && method !== undefined) return { method, effect };
    return effects.size > 1 ? { effect, anyOf: [...effects] } : { effect };
  }

  /** A literal, a constant, a union of literals, or what callers pass. */
  function methodsOf(value: ts.Expression, steps = 0): readonly string[] | undefined {
    const text = textOf(value);
    if (text !== undefined && !text.includes('?')) return [text.toUpperCase()];
    return passedMethods(value, steps) ?? checker?.stringsOf(value)?.map((method) => method.toUpperCase());
  }

  function passedMethods(value: ts.Expression, steps: number): readonly string[] | undefined {
    const name = unwrap(ts, value);
    const parameter = ts.isIdentifier(name) ? scopes.find(name.text, name) : undefined;
    if (!parameter || !ts.isParameter(parameter) || steps > 4) return undefined;
    const found: string[] = [];
    for (const argument of argumentsFor(parameter) ?? []) {
      const given = argument ?? parameter.initializer;
      const methods = given && methodsOf(given, steps + 1);
      if (!methods) return undefined;
      found.push(...methods);
    }
    return found.length > 0 ? [...new Set(found)] : undefined;
  }

  /** The methods that an option says, as all callers give it. */
  function methodsOfOption(option: Option): readonly string[] | undefined {
    if (option.state !== 'present') return undefined;
    const found: string[] = [];
    for (const value of [option.value, ...(option.others ?? [])]) {
      const methods = methodsOf(value);
      if (!methods) return undefined;
      found.push(...methods);
    }
    return [...new Set(found)];
  }

  function effectOf(source: EffectSource, node: OutboundNode, target: Target): Operation {
    if (typeof source === 'string') return { effect: source };
    const given = argumentsOfNode(node);
    if ('method' in source) return effectOfMethods([source.method.toUpperCase()]);
    if ('methodOption' in source) {
      if (isOpaque(node, target.row)) return { effect: 'unknown' };
      const option = readOption(given[optionsArgument(node, target.row)], source.methodOption);
      if (option.state === 'absent') return effectOfMethods([source.otherwise]);
      const methods = methodsOfOption(option);
      return methods?.length ? effectOfMethods(methods) : { effect: 'unknown' };
    }
    if ('methodArgument' in source) {
      const argument = given[source.methodArgument];
      const methods = argument && methodsOf(argument);
      // `octokit.request('GET /user')`
      return methods?.length ? effectOfMethods(methods.map((text) => text.split(' ')[0]!)) : { effect: 'unknown' };
    }
    if ('sql' in source) {
      const text = textOf(ts.isTaggedTemplateExpression(node) ? node.template : given[source.sql]);
      return { effect: text === undefined ? 'unknown' : sqlEffect(text) };
    }
    if ('command' in source) return { effect: commandEffect(given[source.command]) };
    return { effect: verbEffect(target.member ?? target.type) };
  }

  function commandEffect(argument: ts.Expression | undefined): Effect {
    if (!argument) return 'unknown';
    let expression = unwrap(ts, argument);
    if (ts.isIdentifier(expression)) {
      const declaration = scopes.find(expression.text, expression);
      if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer) {
        expression = unwrap(ts, declaration.initializer);
      }
    }
    if (!ts.isNewExpression(expression)) return 'unknown';
    const name = ts.isPropertyAccessExpression(expression.expression)
      ? expression.expression.name.text
      : expression.expression.getText();
    return verbEffect(name.charAt(0).toLowerCase() + name.slice(1));
  }

  /** A property of any object among the arguments that makes the receiver drop a repetition: what is given for it. */
  function keyOf(node: OutboundNode, { key = [], keyOption }: MemberRow): ts.Node | undefined {
    const isKey = (name: string): boolean =>
      key.includes(name) || name === keyOption || /^(?:x-)?idempotency-?_?key$/i.test(name);
    const visit = (value: ts.Node, depth: number): ts.Node | undefined => {
      const expression = unwrap(ts, value);
      if (depth > 6) return undefined;
      if (ts.isNewExpression(expression)) return first(expression.arguments, (given) => visit(given, depth + 1));
      if (ts.isIdentifier(expression)) {
        const declaration = scopes.find(expression.text, expression);
        if (declaration && ts.isParameter(declaration)) {
          const passed = argumentsFor(declaration)?.map((given) => given && visit(given, depth + 1));
          return passed?.every((found) => found !== undefined) ? passed[0] : undefined;
        }
        if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined;
        return keyAssigned(expression, declaration, isKey) ?? visit(declaration.initializer, depth + 1);
      }
      if (!ts.isObjectLiteralExpression(expression)) return undefined;
      return first(expression.properties, (property) => {
        if (ts.isSpreadAssignment(property)) return visit(property.expression, depth + 1);
        const { name } = property;
        const text = name && (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) ? name.text : undefined;
        const given = ts.isPropertyAssignment(property) ? property.initializer : (name ?? property);
        if (text !== undefined && isKey(text)) return given;
        return ts.isPropertyAssignment(property) || ts.isShorthandPropertyAssignment(property)
          ? visit(given, depth + 1)
          : undefined;
      });
    };
    return first(argumentsOfNode(node), (argument) => visit(argument, 0));
  }

  /** `headers['Idempotency-Key'] = key`, `options.jobId = id`: what is assigned, or the member where it is done in another way. */
  function keyAssigned(
    object: ts.Identifier,
    declaration: ts.Node,
    isKey: (name: string) => boolean,
  ): ts.Node | undefined {
    const members = referencesTo(object, declaration, { ts, scopes, facts }).flatMap(
      (reference): readonly ts.Node[] => {
        for (let node = reference.parent; ; node = node.parent) {
          if (ts.isPropertyAccessExpression(node)) {
            if (isKey(node.name.text)) return [node];
          } else if (ts.isElementAccessExpression(node)) {
            if (ts.isStringLiteralLike(node.argumentExpression) && isKey(node.argumentExpression.text)) return [node];
          } else return [];
        }
      },
    );
    const [member, ...others] = members;
    if (!member || others.length > 0) return member;
    const { parent } = member;
    const isAssigned =
      ts.isBinaryExpression(parent) &&
      parent.left === member &&
      parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    return isAssigned ? parent.right : member;
  }

  return {
    of(node, target) {
      const { row, chain = [] } = target;
      // In a chain the last word counts: `insert(…).onConflict(…).merge()`.
      const word = chain.find(({ effect }) => effect !== undefined);
      const source = word?.effect ?? row.effect ?? 'unknown';
      const operation = effectOf(source, node, { ...target, row: word ?? row });
      if (operation.effect === 'read') return operation;
      const value = keyOf(node, row);
      if (value) {
        return { ...operation, effect: 'idempotent-write', hasKey: true, key: { value, without: operation.effect } };
      }
      const query =
        operation.method === 'POST' ? first(argumentsOfNode(node), (given) => isGraphql(ts, given)) : undefined;
      return query ? { ...operation, effect: graphqlEffect(textOf(query)) } : operation;
    },
    optionsArgument,
    isOpaque,
    textOf: (node) => textOf(node),
  };
}

function first<From, To>(from: Iterable<From> | undefined, find: (one: From) => To | undefined): To | undefined {
  for (const one of from ?? []) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function methodEffect(method: string): Effect {
  return Object.hasOwn(methodEffects, method) ? methodEffects[method]! : 'unknown';
}

/** Members of a set are there once, however often they are added. */
const setAdditions =
  /^add\w*(?:Labels?|Assignees?|Tags?|Members?|Roles?|Collaborators?|Reviewers?|Permissions?|Topics?)$/;

export function verbEffect(name: string): Effect {
  if (readVerbs.test(name)) return 'read';
  if (idempotentVerbs.test(name) || setAdditions.test(name)) return 'idempotent-write';
  return writeVerbs.test(name) ? 'write' : 'unknown';
}
