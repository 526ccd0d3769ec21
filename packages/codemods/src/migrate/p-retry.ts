import { ts } from 'ts-morph';
import { bindingNames } from '../names.js';
import { isBoolean } from '../nodes.js';
import type { Edit } from '../plan.js';
import { backoff } from './backoff.js';
import { defaultCalls } from './default-calls.js';
import { Obstacle, type Migration, type Rewrite, type Surroundings } from './migration.js';
import { migrateOperation, throwsNoError } from './operation.js';
import { Options } from './options.js';
import { inAnyOwnFile } from './own-files.js';
import { importsName, usesOf } from './package-uses.js';
import { replaceArguments } from './rewrite.js';

const name = 'p-retry';
const runtime = '@holdfast/runtime';
const known = ['retries', 'factor', 'minTimeout', 'maxTimeout', 'randomize', 'maxRetryTime', 'unref', 'shouldRetry'];
/** What p-retry takes for a failure of the network, as the fetch implementations for Node word it. */
const network = '/^(?:fetch failed|terminated|Network request failed)$/';

/**
 * `pRetry(operation, options)` becomes `withRetry(operation, options)`.
 *
 * The delay is written as a function: that way it is p-retry's own number, and `Retry-After` of a response does not change it.
 */
export const pRetry: Migration = {
  packages: [name],
  sites(around) {
    const uses = usesOf(around.file, around.program, name);
    // Earlier versions throw the error whose message came most often, where Holdfast throws the last one.
    const version = uses.version?.startsWith('7.') ? undefined : 'version';
    const whole = uses.uses.length > 0 && abortsFromInside(around.program) ? 'abort-error' : version;
    return defaultCalls(uses, around, whole, rewrite);
  },
};

/** An error class of the library that ends the retries may be thrown anywhere below the operation. */
const abortsFromInside = inAnyOwnFile((file) => importsName(file, name, 'AbortError'));

function rewrite(call: ts.CallExpression, { file, program, layout, imports }: Surroundings): Rewrite {
  const checker = program.getTypeChecker();
  const [operation, given, ...rest] = call.arguments;
  if (!operation || rest.length > 0) throw new Obstacle('operation');
  const options = new Options(given, checker);
  options.allowOnly(known);
  if (options.number('maxRetryTime', Infinity).value !== Infinity) throw new Obstacle('option');
  if (options.boolean('unref', false)) throw new Obstacle('option');

  const retries = options.number('retries', 10);
  if (retries.value === Infinity) throw new Obstacle('unbounded');
  if (!Number.isInteger(retries.value) || retries.value < 0) throw new Obstacle('invalid-option');
  if (throwsNoError(operation, checker)) throw new Obstacle('throws-no-error');

  const delay = backoff({
    retries: retries.value,
    factor: options.number('factor', 2),
    minTimeout: options.number('minTimeout', 1000),
    maxTimeout: options.number('maxTimeout', Infinity),
    isRandom: options.boolean('randomize', false),
  });
  const attempts =
    /^\d+$/.test(retries.text) || !options.get('retries') ? String(retries.value + 1) : `${retries.text} + 1`;
  // Read even when nothing is retried: what cannot be mapped must not be dropped in silence.
  const repeats = retryIf(options.get('shouldRetry'), checker);
  const text = [`maxAttempts: ${attempts}`, ...(retries.value === 0 ? [] : [`delay: ${delay}`, `retryIf: ${repeats}`])];
  const edits: Edit[] = [
    { start: call.expression.getStart(file), end: call.expression.end, text: imports.use(runtime, 'withRetry') },
    ...migrateOperation(operation, checker),
    replaceArguments(file, operation, given, text, layout),
  ];
  return { edits, policies: ['retry'] };
}

/** Which failures p-retry repeats: errors, but no bugs. */
function retryIf(own: ts.Expression | undefined, checker: ts.TypeChecker): string {
  const always = (error: string): string =>
    `${error} instanceof Error && (!(${error} instanceof TypeError) || ${network}.test(${error}.message))`;
  if (!own) return `(error) => ${always('error')}`;
  if (
    !ts.isArrowFunction(own) ||
    own.modifiers?.length ||
    own.typeParameters ||
    ts.isBlock(own.body) ||
    own.parameters.length > 1 ||
    !isBoolean(checker.getTypeAtLocation(own.body))
  ) {
    throw new Obstacle('option');
  }
  const [parameter] = own.parameters;
  const { error, attempt } = parameter ? parameterNames(parameter) : { error: undefined, attempt: undefined };
  if (error === undefined && bindingNames(own.body).has('error')) throw new Obstacle('option');
  const [failure, body] = [error ?? 'error', own.body.getText()];
  const isLoose = ts.isBinaryExpression(own.body) || ts.isConditionalExpression(own.body);
  return `(${[failure, ...(attempt === undefined ? [] : [attempt])].join(', ')}) => ${always(failure)} && ${isLoose ? `(${body})` : body}`;
}

/** The names in `({ error, attemptNumber })`. */
function parameterNames({ name, dotDotDotToken, initializer }: ts.ParameterDeclaration): {
  error: string | undefined;
  attempt: string | undefined;
} {
  if (dotDotDotToken || initializer || !ts.isObjectBindingPattern(name)) throw new Obstacle('option');
  let error: string | undefined;
  let attempt: string | undefined;
  for (const { name: local, propertyName, dotDotDotToken, initializer } of name.elements) {
    if (dotDotDotToken || initializer || !ts.isIdentifier(local)) throw new Obstacle('option');
    const key = (propertyName ?? local).getText();
    if (key === 'error') error = local.text;
    else if (key === 'attemptNumber') attempt = local.text;
    else throw new Obstacle('option');
  }
  return { error, attempt };
}
