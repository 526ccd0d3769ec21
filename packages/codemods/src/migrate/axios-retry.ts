import { ts } from 'ts-morph';
import { indentAt, lineEnd } from '../layout.js';
import type { Edit } from '../plan.js';
import { checkConfigs, clientOf } from './axios-retry-clients.js';
import { conditionText } from './axios-retry-conditions.js';
import { delayText } from './axios-retry-delays.js';
import { defaultCalls } from './default-calls.js';
import { Obstacle, type Migration, type Rewrite, type Surroundings } from './migration.js';
import { isAnyUndefined, Options } from './options.js';
import { inAnyOwnFile } from './own-files.js';
import { callOf, importsName, usesOf, type PackageUse } from './package-uses.js';
import { statementRemoval } from './rewrite.js';

const name = 'axios-retry';
const runtime = '@holdfast/runtime';
const known = ['retries', 'retryCondition', 'retryDelay', 'shouldResetTimeout'];

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
  checkConfigs(client, options.boolean('shouldResetTimeout', false));

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
