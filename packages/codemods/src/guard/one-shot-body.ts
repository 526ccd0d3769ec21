import { ts } from 'ts-morph';

/**
 * Whether a call sends a stream: it is used up by the first attempt, and how long sending takes depends on its length, which no
 * default timeout knows. Looks at the arguments and at those its receiver was made with, such as `new Upload({ params: { Body } })`.
 */
export function sendsStream(call: ts.CallExpression, checker: ts.TypeChecker): boolean {
  const receiver = ts.isPropertyAccessExpression(call.expression) ? madeWith(call.expression.expression, checker) : [];
  return [...call.arguments, ...receiver].some((given) => holdsStream(given, checker, 0));
}

/** The arguments of `new X(…)`, written in place or in the constant that holds it. */
function madeWith(receiver: ts.Expression, checker: ts.TypeChecker): readonly ts.Expression[] {
  const made = ts.isIdentifier(receiver) ? initializerOf(receiver, checker) : receiver;
  return made && ts.isNewExpression(made) ? (made.arguments ?? []) : [];
}

/** As deep as options are nested: `new PutObjectCommand({ Body: stream })`. */
function holdsStream(value: ts.Expression, checker: ts.TypeChecker, depth: number): boolean {
  // Most arguments are text, which asks for no type.
  if (depth > 4 || ts.isStringLiteralLike(value) || ts.isTemplateExpression(value)) return false;
  let given = value;
  while (ts.isAsExpression(given) || ts.isSatisfiesExpression(given) || ts.isParenthesizedExpression(given)) {
    given = given.expression;
  }
  if (ts.isNewExpression(given) && given.arguments?.some((inner) => holdsStream(inner, checker, depth + 1)))
    return true;
  if (ts.isObjectLiteralExpression(given)) {
    return given.properties.some((property) => {
      if (ts.isPropertyAssignment(property)) return holdsStream(property.initializer, checker, depth + 1);
      return ts.isShorthandPropertyAssignment(property) && isStream(checker.getTypeAtLocation(property.name));
    });
  }
  if (isStream(checker.getTypeAtLocation(given))) return true;
  const made = ts.isIdentifier(given) ? initializerOf(given, checker) : undefined;
  return (
    made !== undefined &&
    (ts.isObjectLiteralExpression(made) || ts.isNewExpression(made)) &&
    holdsStream(made, checker, depth + 1)
  );
}

function initializerOf(name: ts.Identifier, checker: ts.TypeChecker): ts.Expression | undefined {
  const declaration = checker.getSymbolAtLocation(name)?.valueDeclaration;
  return declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
}

/** A `Readable`, a `ReadableStream`, a `FormData` of the package form-data, or one of these among others. */
function isStream(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some(isStream);
  if ((type.flags & ts.TypeFlags.Object) === 0) return false;
  // A query that can be read as a stream, too, can be awaited.
  if (type.getProperty('then')) return false;
  const isReadable = type.getProperty('pipe') !== undefined && type.getProperty('on') !== undefined;
  return isReadable || type.getProperty('getReader') !== undefined;
}
