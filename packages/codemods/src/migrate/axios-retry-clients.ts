import { ts } from 'ts-morph';
import { callOfUse, comesRightAfter, isHolder, statementBefore, usesOfHolder, type Holder } from './held-values.js';
import { Obstacle, type Surroundings } from './migration.js';
import { usesOf } from './package-uses.js';
import { isRepeatable } from './repeatable.js';

const withoutBody = ['get', 'delete', 'head', 'options'];
const withBody = ['post', 'put', 'patch'];
/** Options of axios that are data, or work the same in each attempt: a new request has them as the first one did. */
const lasting = `
  baseURL headers params paramsSerializer data auth withCredentials xsrfCookieName xsrfHeaderName
  timeout timeoutErrorMessage transitional validateStatus responseType responseEncoding decompress
  maxContentLength maxBodyLength maxRedirects socketPath httpAgent httpsAgent proxy family
`
  .trim()
  .split(/\s+/);

/** One request that is sent through a client. */
export interface Request {
  readonly request: ts.CallExpression;
  readonly method: string;
  readonly config: ts.Expression | undefined;
  /** The object whose field the client is. */
  readonly owner: string | undefined;
}

export interface Client {
  readonly holder: Holder;
  /** `axios.create(…)`, and `axios` in it. */
  readonly made: ts.CallExpression;
  readonly axios: ts.Expression;
  readonly requests: readonly Request[];
}

/**
 * The client that is patched.
 *
 * @throws {Obstacle} When it may have been patched by others, or send requests that cannot be seen.
 */
export function clientOf(
  given: ts.Expression,
  statement: ts.ExpressionStatement,
  { file, program }: Pick<Surroundings, 'file' | 'program'>,
): Client {
  const checker = program.getTypeChecker();
  const named = ts.isPropertyAccessExpression(given) ? given.name : given;
  const holder = checker.getSymbolAtLocation(named)?.valueDeclaration;
  if (!holder || !isHolder(holder) || holder.getSourceFile() !== file) throw new Obstacle('shared-client');
  const { made, target } = creationOf(holder, statement);
  const axios =
    made && ts.isCallExpression(made) && ts.isPropertyAccessExpression(made.expression) ? made.expression : undefined;
  const { uses, version } = usesOf(file, program, 'axios');
  const isAxios = uses.some((use) => use.export === 'default' && use.node === axios?.expression);
  if (!axios || !isAxios || axios.name.text !== 'create') throw new Obstacle('shared-client');
  // Before 1.2 it cannot send a request again: axios-retry ends there with another error.
  if (!/^1\.(?![01]\.)/.test(version ?? '')) throw new Obstacle('version');
  const requests = usesOfHolder(holder, checker)
    .filter((use) => use !== given && use !== target)
    .map((use) => requestOf(use, checker));
  if (requests.length === 0) throw new Obstacle('shared-client');
  return { holder, made: made as ts.CallExpression, axios: axios.expression, requests };
}

/** What makes the client, right before it is patched: no request can come in between. */
function creationOf(
  holder: Holder,
  statement: ts.ExpressionStatement,
): { made: ts.Expression | undefined; target?: ts.Expression } {
  if (ts.isVariableDeclaration(holder)) {
    return { made: comesRightAfter(statement, holder) ? holder.initializer : undefined };
  }
  const before = statementBefore(statement);
  const maker = statement.parent.parent;
  if (!ts.isConstructorDeclaration(maker) || maker.parent !== holder.parent) return { made: undefined };
  if (holder.initializer) {
    const isFirst = !before || /^super\s*\(/.test(before.getText());
    return { made: isFirst && isLastOfFields(holder) ? holder.initializer : undefined };
  }
  const assignment = before && ts.isExpressionStatement(before) ? before.expression : undefined;
  if (!assignment || !ts.isBinaryExpression(assignment)) return { made: undefined };
  const { left, right, operatorToken } = assignment;
  const isSet = operatorToken.kind === ts.SyntaxKind.EqualsToken && left.getText() === `this.${holder.name.getText()}`;
  return isSet ? { made: right, target: left } : { made: undefined };
}

/** Whether no field that is set after it may send a request. */
function isLastOfFields(holder: ts.PropertyDeclaration): boolean {
  const { members } = holder.parent as ts.ClassLikeDeclaration;
  return members
    .slice(members.indexOf(holder) + 1)
    .every((member) => !ts.isPropertyDeclaration(member) || !/\bthis\b/.test(member.initializer?.getText() ?? ''));
}

/** @throws {Obstacle} When it is no request, or may be another one by the time that it is repeated. */
function requestOf(use: ts.Expression, checker: ts.TypeChecker): Request {
  const { parent } = use;
  const isMember = ts.isPropertyAccessExpression(parent) && parent.expression === use;
  const request = isMember && !ts.isOptionalChain(parent) ? callOfUse(parent) : undefined;
  const method = isMember ? parent.name.text : '';
  const hasBody = withBody.includes(method);
  if (!request || (!hasBody && !withoutBody.includes(method))) throw new Obstacle('shared-client');
  if (request.arguments.length > (hasBody ? 3 : 2)) throw new Obstacle('invalid-option');
  if (!request.arguments.every((argument) => isRepeatable(argument, checker))) throw new Obstacle('changing-request');
  const owner = ts.isPropertyAccessExpression(use) ? use.expression : undefined;
  if (owner && owner.kind !== ts.SyntaxKind.ThisKeyword) throw new Obstacle('shared-client');
  return { request, method, config: request.arguments[hasBody ? 2 : 1], owner: owner?.getText() };
}

/** @throws {Obstacle} When an option makes a difference between a request that is sent again and a new one. */
export function checkConfigs({ made, requests }: Client, isReset: boolean): void {
  const configs = [made.arguments[0], ...requests.map(({ config }) => config)];
  const properties = configs.flatMap((config) => (config ? propertiesOf(config) : []));
  const hasBody =
    requests.some(({ method }) => withBody.includes(method)) || properties.some(([key]) => key === 'data');
  for (const [key, value] of properties) {
    if (!lasting.includes(key)) throw new Obstacle('option');
    if (key === 'timeout' && !isReset && value.getText() !== '0') throw new Obstacle('shared-timeout');
    if (key === 'headers' && hasBody) checkHeaders(value);
  }
}

/** @throws {Obstacle} When axios may make a stream of the body, which axios-retry finds used up when it sends it again. */
function checkHeaders(headers: ts.Node): void {
  for (const [key, value] of propertiesOf(headers)) {
    // Those of one method, or of all.
    if (key === 'common' || withBody.includes(key) || withoutBody.includes(key)) checkHeaders(value);
    if (!/^content-type$/i.test(key)) continue;
    if (!ts.isStringLiteral(value)) throw new Obstacle('dynamic-option');
    if (/multipart/i.test(value.text)) throw new Obstacle('option');
  }
}

/** @throws {Obstacle} When it cannot be seen which ones there are. */
function propertiesOf(object: ts.Node): readonly (readonly [string, ts.Node])[] {
  if (!ts.isObjectLiteralExpression(object)) throw new Obstacle('dynamic-option');
  return object.properties.map((property) => {
    const key = property.name;
    if (!key || !(ts.isIdentifier(key) || ts.isStringLiteral(key))) throw new Obstacle('dynamic-option');
    return [key.text, ts.isPropertyAssignment(property) ? property.initializer : property];
  });
}
