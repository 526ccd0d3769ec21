import { ts } from 'ts-morph';
import { indentAt, lineEnd } from '../layout.js';
import type { Edit } from '../plan.js';
import { conditionText } from './axios-retry-conditions.js';
import { delayText } from './axios-retry-delays.js';
import { defaultCalls } from './default-calls.js';
import { callOfUse, isHolder, usesOfHolder, type Holder } from './held-values.js';
import { Obstacle, type Migration, type Rewrite, type Surroundings } from './migration.js';
import { isAnyUndefined, Options } from './options.js';
import { inAnyOwnFile } from './own-files.js';
import { callOf, importsName, usesOf, type PackageUse } from './package-uses.js';
import { isRepeatable } from './repeatable.js';
import { statementRemoval } from './rewrite.js';

const name = 'axios-retry';
const runtime = '@holdfast/runtime';
const known = ['retries', 'retryCondition', 'retryDelay', 'shouldResetTimeout'];
const withoutBody = ['get', 'delete', 'head', 'options'];
const withBody = ['post', 'put', 'patch'];
/** Options of axios that are data, or work the same in each attempt: a new request has them as the first one did. */
const lasting = `
  baseURL headers params paramsSerializer data auth withCredentials xsrfCookieName xsrfHeaderName
  timeout timeoutErrorMessage transitional validateStatus responseType responseEncoding decompress
  maxContentLength maxBodyLength maxRedirects socketPath httpAgent httpsAgent proxy family
`.split(/\s+/);

/**
 * `axiosRetry(client, options)` becomes a retry policy, and each request of the client runs under it. A client is changed with all its
 * requests or not at all.
 *
 * axios-retry sends the request again as it was first worked out, and the policy has it worked out again: so all of it must be made of
 * values that cannot change meanwhile, and nothing else may have a hand in it.
 */
export const axiosRetry: Migration = {
  packages: [name],
  sites(around) {
    const { uses, others, version } = usesOf(around.file, around.program, name);
    const calls = uses.filter((use) => use.export === 'default').flatMap((use) => callOf(use) ?? []);
    const isInside = ({ node }: PackageUse): boolean =>
      calls.some((call) => call.expression !== node && call.pos <= node.pos && node.end <= call.end);
    // Earlier versions have other conditions and delays.
    const isKnown = /^4\.[2-5]\./.test(version ?? '');
    const whole = !isKnown
      ? 'version'
      : calls.length > 0 && isConfiguredElsewhere(around.program)
        ? 'other-use'
        : undefined;
    const helpers = helpersOf(uses);
    const own = { uses: uses.filter((use) => !isInside(use)), others };
    return defaultCalls(own, around, whole, (call) => rewrite(call, around, (node) => helpers.get(node)));
  },
};

const isConfiguredElsewhere = inAnyOwnFile((file) => namesState(file) || setsDefaults(file));

/** What axios-retry keeps with a request: options for it alone, and how often it was sent. */
function namesState(file: ts.SourceFile): boolean {
  const isImported = importsName(file, name, 'namespace') && /\bnamespace\b/.test(file.text);
  return isImported || /['"`]axios-retry['"`]\s*(?:\]|:)/.test(file.text);
}

/** Defaults of all clients that may make a difference between a request that is sent again and a new one. */
function setsDefaults({ text }: ts.SourceFile): boolean {
  return /\baxios\b/i.test(text) && /\.defaults\b(?!\.(?:baseURL|headers|params|auth|withCredentials)\b)/.test(text);
}

/** What code names of the library, by the node that says it. */
function helpersOf(uses: readonly PackageUse[]): ReadonlyMap<ts.Node, string> {
  return new Map(
    uses.map(({ export: exported, node }) => {
      const { parent } = node;
      const isMember = exported === 'default' && ts.isPropertyAccessExpression(parent) && parent.expression === node;
      return isMember ? [parent, parent.name.text] : [node, exported];
    }),
  );
}

function rewrite(
  call: ts.CallExpression,
  { file, program, layout, imports }: Surroundings,
  helper: (node: ts.Node) => string | undefined,
): Rewrite {
  const checker = program.getTypeChecker();
  const [given, settings, ...rest] = call.arguments;
  const statement = call.parent;
  if (!given || rest.length > 0 || !ts.isExpressionStatement(statement)) throw new Obstacle('other-use');
  if (/\/[/*]/.test(file.text.slice(call.getStart(file), settings?.pos ?? call.end))) throw new Obstacle('comment');
  const client = clientOf(given, statement, { file, program });
  const options = new Options(settings, checker);
  // It is not the same as leaving the option away: `retries: undefined` never retries.
  if (settings && isAnyUndefined(settings)) throw new Obstacle('invalid-option');
  options.allowOnly(known);
  const retries = options.number('retries', 3);
  if (retries.value === Infinity) throw new Obstacle('unbounded');
  if (!Number.isInteger(retries.value) || retries.value < 0) throw new Obstacle('invalid-option');
  const isReset = options.boolean('shouldResetTimeout', false);
  for (const { config } of [{ config: client.made.arguments[0] }, ...client.requests]) {
    checkConfig(config, isReset);
  }

  const { holder } = client;
  const isField = ts.isPropertyDeclaration(holder);
  const outer = indentAt(file.text, (isField ? holder : statement).getStart(file));
  const axios = client.axios.getText(file);
  const shared = { axios, helper, outer: outer + layout.indent, layout };
  const { text: retryIf, mayBeAnswered } = conditionText({
    ...shared,
    given: options.get('retryCondition'),
    methods: [...new Set(client.requests.map(({ method }) => method))],
    program,
  });
  const delay = delayText({
    ...shared,
    given: options.get('retryDelay'),
    retries: retries.value,
    mayBeAnswered,
    checker,
  });
  const attempts = /^\d+$/.test(retries.text) ? String(retries.value + 1) : `${retries.text} + 1`;
  const { eol, indent, semicolon } = layout;
  const properties = [
    `maxAttempts: ${attempts}`,
    ...(retries.value === 0 ? [] : [`delay: ${delay}`, `retryIf: ${retryIf}`]),
  ];
  const policy = freeName(file, holder.name.getText(file));
  const object = `{${eol}${properties.map((property) => `${outer}${indent}${property},${eol}`).join('')}${outer}}`;
  const value = `${policy} = ${imports.use(runtime, 'retry')}(${object})${semicolon}`;
  return {
    edits: [
      ...(isField
        ? [fieldEdit(holder, value, outer, eol), removal(statement)]
        : [{ start: statement.getStart(file), end: statement.end, text: `const ${value}` }]),
      ...client.requests.flatMap(({ request, owner }): Edit[] => {
        const [start, prefix] = [request.getStart(file), owner === undefined ? '' : `${owner}.`];
        return [
          { start, end: start, text: `${prefix}${policy}.execute(() => ` },
          { start: request.end, end: request.end, text: ')' },
        ];
      }),
    ],
    policies: ['retry'],
  };
}

interface Request {
  readonly request: ts.CallExpression;
  readonly method: string;
  readonly config: ts.Expression | undefined;
  /** The object whose field the client is. */
  readonly owner: string | undefined;
}

interface Client {
  readonly holder: Holder;
  /** `axios.create(…)`, and `axios` in it. */
  readonly made: ts.CallExpression;
  readonly axios: ts.Expression;
  readonly requests: readonly Request[];
}

/** @throws {Obstacle} When it may have been patched by others, or send requests that cannot be seen. */
function clientOf(
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
  if (!version?.startsWith('1.')) throw new Obstacle('version');
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
  const { parent: block } = statement;
  const siblings = ts.isBlock(block) || ts.isSourceFile(block) ? block.statements : undefined;
  const before = siblings?.[siblings.indexOf(statement) - 1];
  if (ts.isVariableDeclaration(holder)) {
    const isNext = before && ts.isVariableStatement(before) && before.declarationList === holder.parent;
    const isOnly = isNext && before.declarationList.declarations.length === 1;
    return { made: isOnly ? holder.initializer : undefined };
  }
  const maker = block.parent;
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
function checkConfig(config: ts.Expression | undefined, isReset: boolean): void {
  if (!config) return;
  if (!ts.isObjectLiteralExpression(config)) throw new Obstacle('dynamic-option');
  for (const property of config.properties) {
    const key = property.name;
    if (!key || !(ts.isIdentifier(key) || ts.isStringLiteral(key))) throw new Obstacle('dynamic-option');
    if (!lasting.includes(key.text)) throw new Obstacle('option');
    const isNever = ts.isPropertyAssignment(property) && property.initializer.getText() === '0';
    if (key.text === 'timeout' && !isReset && !isNever) throw new Obstacle('shared-timeout');
  }
}

/** A name that the file does not have yet. */
function freeName(file: ts.SourceFile, client: string): string {
  const base = `${client}Retry`;
  const isTaken = (name: string): boolean => new RegExp(`${name.replaceAll('$', '\\$')}(?![\\w$])`).test(file.text);
  let free = base;
  for (let count = 2; isTaken(free); count += 1) free = base + String(count);
  return free;
}

/** A field beside the one that has the client. */
function fieldEdit(holder: ts.PropertyDeclaration, value: string, outer: string, eol: string): Edit {
  const file = holder.getSourceFile();
  const end = lineEnd(file.text, holder.end);
  const isStatic = holder.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
  if (isStatic) throw new Obstacle('shared-client');
  const visibility = ts.isPrivateIdentifier(holder.name) ? '' : 'private ';
  return { start: end, end, text: `${eol}${outer}${visibility}readonly ${value}` };
}

/** Takes the statement away, and the constructor that has nothing else. */
function removal(statement: ts.ExpressionStatement): Edit {
  const block = statement.parent as ts.Block;
  const maker = block.parent as ts.ConstructorDeclaration;
  const isAlone = block.statements.length === 1 && maker.parameters.length === 0 && !maker.modifiers?.length;
  if (!isAlone) return statementRemoval(statement);
  if (block.getText().replace(statement.getText(), '').includes('/')) throw new Obstacle('comment');
  return statementRemoval(maker);
}
