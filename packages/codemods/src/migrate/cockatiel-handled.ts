import { ts } from 'ts-morph';
import { bindingNames } from '../names.js';
import { contains, isBoolean, symbolOf, usesIn } from '../nodes.js';
import { isStable, targetOf } from '../stable-values.js';
import { Obstacle } from './migration.js';

/** What a policy takes for a failure, as conditions that code can ask. */
export interface Handled {
  /** Of an error; `true` for all, `false` for none. */
  readonly errors: string;
  /** Of a result; undefined when all are fine. */
  readonly results: string | undefined;
  /** Whether code of the program is asked about errors: it might know those of the library. */
  readonly asksAboutErrors: boolean;
}

/** A value that a condition is about. */
interface Subject {
  /** What the code calls it. */
  readonly text: string;
  /** Whether it is of any type, or else known to be of this one. */
  readonly type?: 'any' | ts.Expression;
}

/** What cockatiel exports under a name here, if it does. */
export type ExportOf = (node: ts.Node) => string | undefined;

/**
 * Reads `handleAll`, `handleType(NetworkError).orWhenResult(isBusy)` and the like.
 *
 * @throws {Obstacle} When a condition cannot be asked in another place.
 */
export function handledBy(
  handler: ts.Expression | undefined,
  subjects: { readonly error: Subject; readonly value: Subject },
  exportOf: ExportOf,
  checker: ts.TypeChecker,
): Handled {
  const errors: string[] = [];
  const results: string[] = [];
  let asksAboutErrors = false;
  for (const { name, given } of linksOf(handler, exportOf)) {
    if (name === 'All') {
      errors.push('true');
      continue;
    }
    const isResult = name.includes('Result');
    const about = isResult ? subjects.value : subjects.error;
    if (name.startsWith('When')) {
      const [condition, ...rest] = given;
      if (!condition || rest.length > 0) throw new Obstacle('option');
      (isResult ? results : errors).push(asked(condition, about, checker));
      asksAboutErrors ||= !isResult;
      continue;
    }
    const [type, condition, ...rest] = given;
    if (!type || rest.length > 0) throw new Obstacle('option');
    const isOfType = `${about.text} instanceof ${classText(type, about, checker)}`;
    const all = condition ? `${isOfType} && ${asked(condition, { ...about, type }, checker)}` : isOfType;
    (isResult ? results : errors).push(all);
    asksAboutErrors ||= !isResult && condition !== undefined;
  }
  const isAll = errors.includes('true');
  return {
    errors: isAll ? 'true' : (either(errors) ?? 'false'),
    results: either(results),
    asksAboutErrors: asksAboutErrors && !isAll,
  };
}

/** The parts of `handleType(A).orWhen(b)`, first to last: `Type`, `When`. */
function linksOf(
  handler: ts.Expression | undefined,
  exportOf: ExportOf,
): { name: string; given: readonly ts.Expression[] }[] {
  if (!handler) throw new Obstacle('option');
  const whole = exportOf(handler);
  if (whole === 'handleAll') return [{ name: 'All', given: [] }];
  if (!ts.isCallExpression(handler)) throw new Obstacle('dynamic-option');
  const { expression: callee, arguments: given } = handler;
  const name = /^handle((?:When|Type)?(?:Result)?(?:Type)?)$/.exec(exportOf(callee) ?? '')?.[1];
  if (name) return [{ name: ordered(name), given }];
  if (!ts.isPropertyAccessExpression(callee) || !callee.name.text.startsWith('or'))
    throw new Obstacle('dynamic-option');
  return [...linksOf(callee.expression, exportOf), { name: ordered(callee.name.text.slice(2)), given }];
}

/** `ResultType` is `TypeResult`, as `WhenResult` is. */
function ordered(name: string): string {
  return name === 'ResultType' ? 'TypeResult' : name;
}

function either(conditions: readonly string[]): string | undefined {
  if (conditions.length < 2) return conditions[0];
  return conditions.map((condition) => (condition.includes('?') ? `(${condition})` : condition)).join(' || ');
}

/** A class that is the same whenever it is asked for. */
function classText(type: ts.Expression, about: Subject, checker: ts.TypeChecker): string {
  let root = type;
  while (ts.isPropertyAccessExpression(root)) root = root.expression;
  if (!ts.isIdentifier(root) || root.text === nameOf(about)) throw new Obstacle('option');
  let symbol = symbolOf(checker, root);
  if (symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0) symbol = checker.getAliasedSymbol(symbol);
  const isFixed = symbol?.declarations?.every(
    (declaration) =>
      ts.isClassDeclaration(declaration) ||
      ts.isModuleDeclaration(declaration) ||
      ts.isSourceFile(declaration) ||
      declaration.getSourceFile().isDeclarationFile,
  );
  if (!isFixed && !isStable(root, checker)) throw new Obstacle('option');
  return type.getText();
}

/** The answer of a condition to a value. */
function asked(condition: ts.Expression, about: Subject, checker: ts.TypeChecker): string {
  const [signature, ...overloads] = checker.getTypeAtLocation(condition).getCallSignatures();
  // A promise would be taken for yes by one, and for no by the other.
  if (!signature || overloads.length > 0 || !isBoolean(checker.getReturnTypeOfSignature(signature))) {
    throw new Obstacle('option');
  }
  const type = castFor(condition, signature, about, checker);
  const cast = type === undefined ? about.text : `${about.text} as ${type}`;
  if (ts.isIdentifier(condition)) {
    if (!isStable(condition, checker) || condition.text === nameOf(about)) throw new Obstacle('option');
    return `${condition.text}(${cast})`;
  }
  const { body, parameter } = expressionOf(condition);
  const uses = parameter ? usesIn(body, parameter.name, checker) : [];
  const isShadowed = bindingNames(body, (name) => uses.includes(name)).has(nameOf(about));
  const hasEffect = contains(body, (node) => targetOf(node) !== undefined);
  if (isShadowed || hasEffect || uses.some(({ parent }) => ts.isShorthandPropertyAssignment(parent))) {
    throw new Obstacle('option');
  }
  if (type !== undefined && uses.length > 1) {
    return `((${parameter!.name.text}: ${type}) => ${body.getText()})(${type === 'any' ? about.text : cast})`;
  }
  const text = replaced(body, uses, type === undefined ? cast : `(${cast})`);
  return typeof about.type === 'object' && bindsLoosely(body) ? `(${text})` : text;
}

/** Whether it falls apart beside a `&&`. */
function bindsLoosely(body: ts.Expression): boolean {
  const { BarBarToken, QuestionQuestionToken } = ts.SyntaxKind;
  const operator = ts.isBinaryExpression(body) ? body.operatorToken.kind : undefined;
  return ts.isConditionalExpression(body) || operator === BarBarToken || operator === QuestionQuestionToken;
}

/** `error instanceof NetworkError && …`: what is known of it then is all that the rest needs. */
function isNarrowed(condition: ts.Expression): boolean {
  if (!ts.isArrowFunction(condition) || ts.isBlock(condition.body)) return false;
  let first = condition.body;
  while (ts.isBinaryExpression(first) && first.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) {
    first = first.left;
  }
  return (
    ts.isBinaryExpression(first) &&
    first.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword &&
    first.left.getText() === condition.parameters[0]?.name.getText()
  );
}

/** The type that the condition wants and the value is not known to have, as the code can write it. */
function castFor(
  condition: ts.Expression,
  { parameters: [parameter, ...others] }: ts.Signature,
  { type }: Subject,
  checker: ts.TypeChecker,
): string | undefined {
  if (others.length > 0) throw new Obstacle('option');
  if (!parameter || type === 'any' || isNarrowed(condition)) return undefined;
  const declaration = parameter.valueDeclaration;
  if (ts.isArrowFunction(condition) && declaration && ts.isParameter(declaration) && declaration.type) {
    const written = declaration.type.getText();
    return written === 'unknown' || written === type?.getText() ? undefined : written;
  }
  const { flags } = checker.getTypeOfSymbolAtLocation(parameter, condition);
  // Version 3 says that all errors are of type Error.
  return type !== undefined || (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0 ? undefined : 'Error';
}

/** The one expression that an arrow function is, and its parameter. */
function expressionOf(condition: ts.Expression): {
  body: ts.Expression;
  parameter: (ts.ParameterDeclaration & { name: ts.Identifier }) | undefined;
} {
  if (!ts.isArrowFunction(condition) || condition.modifiers?.length || condition.typeParameters) {
    throw new Obstacle('option');
  }
  const { body, parameters } = condition;
  const [parameter, ...others] = parameters;
  if (ts.isBlock(body) || others.length > 0) throw new Obstacle('option');
  if (parameter && (!ts.isIdentifier(parameter.name) || parameter.initializer || parameter.dotDotDotToken)) {
    throw new Obstacle('option');
  }
  return { body, parameter: parameter as (ts.ParameterDeclaration & { name: ts.Identifier }) | undefined };
}

function replaced(body: ts.Expression, uses: readonly ts.Identifier[], text: string): string {
  const file = body.getSourceFile();
  let result = '';
  let from = body.getStart(file);
  for (const use of uses) {
    result += file.text.slice(from, use.getStart(file)) + text;
    from = use.end;
  }
  return result + file.text.slice(from, body.end);
}

/** `result` of `result.value`. */
function nameOf({ text }: Subject): string {
  return text.split('.')[0]!;
}
