import type ts from 'typescript';
import type { FileFacts } from '../facts/file-facts.js';
import type { Scopes } from '../facts/scopes.js';
import type { TypeScript } from '../typescript.js';
import type { CheckerPort } from './checker-port.js';
import { unwrap } from './unwrap.js';

/** What is known about one option of an options object. */
export type Option =
  | { readonly state: 'absent' }
  /** Cannot be seen from here: a parameter, a spread of something foreign. */
  | { readonly state: 'unknown' }
  | { readonly state: 'present'; readonly value: ts.Expression };

/** Reads options objects through constants and spreads. */
export type ReadOption = (options: ts.Expression | undefined, name: string) => Option;

const absent: Option = { state: 'absent' };
const unknown: Option = { state: 'unknown' };
const maxSteps = 24;

export function createReadOption(
  ts: TypeScript,
  scopes: Scopes,
  facts: (file: ts.SourceFile) => FileFacts,
  checker: CheckerPort | undefined,
): ReadOption {
  function read(options: ts.Expression | undefined, name: string, steps: number): Option {
    if (!options) return absent;
    if (steps > maxSteps) return unknown;
    const expression = unwrap(ts, options) as ts.Expression;
    if (ts.isObjectLiteralExpression(expression)) return readLiteral(expression, name, steps);
    if (ts.isIdentifier(expression)) {
      if (expression.text === 'undefined') return absent;
      const literal = constant(expression);
      if (literal) return assignedLater(expression, name) ?? read(literal, name, steps + 1);
    }
    return checker?.mayHaveProperty(expression, name) === false ? absent : unknown;
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

  function constant(name: ts.Identifier): ts.Expression | undefined {
    const declaration = scopes.find(name.text, name);
    const isConstant =
      declaration &&
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

  function nameText(name: ts.PropertyName | undefined): string | undefined {
    return name && (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) ? name.text : undefined;
  }

  return (options, name) => read(options, name, 0);
}
