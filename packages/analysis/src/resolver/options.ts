import type ts from 'typescript';
import type { FileFacts } from '../facts/file-facts.js';
import type { Scopes } from '../facts/scopes.js';
import type { TypeScript } from '../typescript.js';
import type { CheckerPort } from './checker-port.js';
import type { Meanings } from './meaning.js';
import { unwrap } from './unwrap.js';

/** What is known about one option of an options object. */
export type Option =
  | { readonly state: 'absent' }
  /** Cannot be seen from here: a parameter, a spread of something foreign. */
  | { readonly state: 'unknown' }
  | {
      readonly state: 'present';
      readonly value: ts.Expression;
      /** What other callers give for it. */
      readonly others?: readonly ts.Expression[];
    };

/** Reads options objects, through constants and spreads, by the dotted path of an option. */
export type ReadOption = (options: ts.Expression | undefined, path: string) => Option;

/** What callers pass for a parameter; `undefined` when not all of them are in sight. */
export type ArgumentsFor = (parameter: ts.ParameterDeclaration) => readonly (ts.Expression | undefined)[] | undefined;

const absent: Option = { state: 'absent' };
const unknown: Option = { state: 'unknown' };
const maxSteps = 24;

export function createReadOption(
  ts: TypeScript,
  scopes: Scopes,
  facts: (file: ts.SourceFile) => FileFacts,
  meanings: Meanings,
  checker: CheckerPort | undefined,
  argumentsFor: ArgumentsFor,
): ReadOption {
  function readPath(options: ts.Expression | undefined, path: string, steps: number): Option {
    const dot = path.indexOf('.');
    if (dot < 0) return read(options, path, steps);
    const outer = read(options, path.slice(0, dot), steps);
    if (outer.state !== 'present') return outer;
    return readPath(outer.value, path.slice(dot + 1), steps + 1);
  }

  function read(options: ts.Expression | undefined, name: string, steps: number): Option {
    if (!options) return absent;
    if (steps > maxSteps) return unknown;
    const expression = unwrap(ts, options) as ts.Expression;
    if (ts.isObjectLiteralExpression(expression)) return readLiteral(expression, name, steps);
    if (ts.isConditionalExpression(expression)) {
      const [a, b] = [expression.whenTrue, expression.whenFalse].map((part) => read(part, name, steps + 1));
      return a!.state === b!.state ? a! : unknown;
    }
    if (isLiteral(expression)) return absent;
    if (ts.isIdentifier(expression)) {
      if (expression.text === 'undefined') return absent;
      const declaration = scopes.find(expression.text, expression);
      const literal = declaration && constant(declaration);
      if (literal) return assignedLater(expression, name) ?? read(literal, name, steps + 1);
      if (declaration && ts.isParameter(declaration)) return readParameter(declaration, name, steps, expression);
    }
    // `config.database`, `optionsOf(environment)`: an object that is written down somewhere in the project.
    const meaning = meanings.of(expression);
    if (meaning?.kind === 'object' && ts.isObjectLiteralExpression(meaning.node)) {
      return readLiteral(meaning.node, name, steps + 1);
    }
    return checker?.mayHaveProperty(expression, name) === false ? absent : unknown;
  }

  /** Every caller passes it, or every caller leaves it out. */
  function readParameter(
    parameter: ts.ParameterDeclaration,
    name: string,
    steps: number,
    place: ts.Expression,
  ): Option {
    if (checker?.mayHaveProperty(place, name) === false) return absent;
    const passed = argumentsFor(parameter);
    if (!passed?.length) return unknown;
    const options = passed.map((argument) => read(argument ?? parameter.initializer, name, steps + 1));
    const first = options[0]!;
    if (!options.every(({ state }) => state === first.state)) return unknown;
    if (first.state !== 'present') return first;
    const others = options
      .slice(1)
      .flatMap((option) => (option.state === 'present' ? [option.value, ...(option.others ?? [])] : []));
    return others.length > 0 ? { ...first, others: [...(first.others ?? []), ...others] } : first;
  }

  function readLiteral(literal: ts.ObjectLiteralExpression, name: string, steps: number): Option {
    let option: Option = absent;
    for (const property of literal.properties) {
      if (ts.isSpreadAssignment(property)) {
        const spread = read(property.expression, name, steps + 1);
        if (spread.state !== 'absent') option = spread;
      } else if (ts.isShorthandPropertyAssignment(property)) {
        if (property.name.text === name) option = present(property.name);
      } else if (property.name && ts.isComputedPropertyName(property.name)) {
        option = unknown;
      } else if (nameText(property.name) === name) {
        option = ts.isPropertyAssignment(property) ? present(property.initializer) : unknown;
      }
    }
    return option;
  }

  function present(value: ts.Expression): Option {
    const bare = unwrap(ts, value);
    const isNothing = (ts.isIdentifier(bare) && bare.text === 'undefined') || bare.kind === ts.SyntaxKind.NullKeyword;
    return isNothing ? absent : { state: 'present', value };
  }

  function constant(declaration: ts.Node): ts.Expression | undefined {
    const isConstant =
      ts.isVariableDeclaration(declaration) &&
      ts.isVariableDeclarationList(declaration.parent) &&
      declaration.parent.flags & ts.NodeFlags.Const;
    return isConstant ? declaration.initializer : undefined;
  }

  /** `init.signal = …` after the object was made. */
  function assignedLater(object: ts.Identifier, name: string): Option | undefined {
    for (const mention of facts(object.getSourceFile()).mentions.get(object.text) ?? []) {
      const access = mention.parent;
      if (!ts.isPropertyAccessExpression(access) || access.expression !== mention || access.name.text !== name)
        continue;
      const assignment = access.parent;
      if (
        ts.isBinaryExpression(assignment) &&
        assignment.left === access &&
        assignment.operatorToken.kind === ts.SyntaxKind.EqualsToken
      ) {
        return present(assignment.right);
      }
    }
    return undefined;
  }

  function isLiteral(node: ts.Node): boolean {
    return (
      ts.isStringLiteralLike(node) ||
      ts.isNumericLiteral(node) ||
      ts.isTemplateExpression(node) ||
      ts.isFunctionLike(node) ||
      ts.isArrayLiteralExpression(node)
    );
  }

  function nameText(name: ts.PropertyName | undefined): string | undefined {
    return name && (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) ? name.text : undefined;
  }

  return (options, path) => readPath(options, path, 0);
}
