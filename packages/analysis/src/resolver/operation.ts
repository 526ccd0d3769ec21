import type ts from 'typescript';
import type { CallRow, Effect } from '../catalogue/catalogue.js';
import type { OutboundCall } from '../outbound-call.js';
import type { TypeScript } from '../typescript.js';
import type { CheckerPort } from './checker-port.js';
import type { Scopes } from '../facts/scopes.js';
import type { ReadOption } from './options.js';
import { unwrap } from './unwrap.js';

/** What RFC 9110 (section 9.2) says about repeating a method. */
const effects: Readonly<Record<string, Effect>> = {
  GET: 'read',
  HEAD: 'read',
  OPTIONS: 'read',
  TRACE: 'read',
  PUT: 'idempotent-write',
  DELETE: 'idempotent-write',
  POST: 'write',
  PATCH: 'write',
};

/** Reads what a call does: its method, and where its options are. */
export interface Operations {
  of(call: ts.CallExpression, row: CallRow): OutboundCall['operation'];
  optionsArgument(call: ts.CallExpression, row: CallRow): number;
  /** The arguments hide the options: spread, or an object such as `Request` that has its own. */
  isOpaque(call: ts.CallExpression, row: CallRow): boolean;
}

export function createOperations(
  ts: TypeScript,
  scopes: Scopes,
  readOption: ReadOption,
  checker: CheckerPort | undefined,
): Operations {
  function optionsArgument(call: ts.CallExpression, { options }: CallRow): number {
    const last = options[options.length - 1] ?? 0;
    return options.find((position) => position === last || mayBeOptions(call.arguments[position])) ?? last;
  }

  /** For overloads such as `axios(config)` and `axios(url, config)`. */
  function mayBeOptions(argument: ts.Expression | undefined): boolean {
    if (!argument) return false;
    const expression = unwrap(ts, argument) as ts.Expression;
    if (ts.isObjectLiteralExpression(expression)) return true;
    if (ts.isStringLiteralLike(expression) || expression.kind === ts.SyntaxKind.TemplateExpression) return false;
    return checker?.mayHaveProperty(expression, 'url') ?? false;
  }

  function isOpaque(call: ts.CallExpression, { carrier }: CallRow): boolean {
    if (call.arguments.some((argument) => ts.isSpreadElement(argument))) return true;
    const first = call.arguments[0];
    if (carrier === undefined || !first) return false;
    const expression = unwrap(ts, first) as ts.Expression;
    if (ts.isNewExpression(expression) && ts.isIdentifier(expression.expression)) {
      return expression.expression.text === carrier;
    }
    if (ts.isStringLiteralLike(expression) || expression.kind === ts.SyntaxKind.TemplateExpression) return false;
    return checker ? checker.typeNames(expression).includes(carrier) : annotation(expression) === carrier;
  }

  function annotation(expression: ts.Expression): string | undefined {
    const declaration = ts.isIdentifier(expression) ? scopes.find(expression.text, expression) : undefined;
    return declaration && (ts.isParameter(declaration) || ts.isVariableDeclaration(declaration))
      ? declaration.type?.getText()
      : undefined;
  }

  function methodOf(call: ts.CallExpression, row: CallRow): string | undefined {
    if ('always' in row.method) return row.method.always;
    if (isOpaque(call, row)) return undefined;
    const option = readOption(call.arguments[optionsArgument(call, row)], row.method.option);
    if (option.state === 'absent') return row.method.otherwise;
    if (option.state === 'unknown') return undefined;
    const value = unwrap(ts, option.value);
    return ts.isStringLiteralLike(value) ? value.text.toUpperCase() : undefined;
  }

  return {
    of(call, row) {
      const method = methodOf(call, row);
      if (method === undefined) return { effect: 'unknown' };
      return { method, effect: Object.hasOwn(effects, method) ? effects[method]! : 'unknown' };
    },
    optionsArgument,
    isOpaque,
  };
}
