import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { DependencyKind } from '../catalogue/catalogue.js';
import { argumentsOf } from '../facts/file-facts.js';
import type { Outbound } from '../outbound.js';
import { unwrap } from '../resolver/unwrap.js';

/** What the calls of a service go to, as far as the code tells one from another. */
export interface Dependency {
  readonly id: string;
  readonly name: string;
  readonly kind: DependencyKind;
  readonly module: string;
}

/** By its address, where that is in sight: a host, or the name of the setting that holds it. Otherwise by the package that talks to it. */
export function dependencyOf(outbound: Outbound, tools: Analysis): Dependency {
  const { kind, target } = outbound;
  const module = target.module === 'global' ? target.type : target.module;
  const address = kind === 'http' ? addressOf(outbound, tools) : undefined;
  return { id: `${kind}:${address ?? module}`, name: address ?? module, kind, module };
}

const baseAddresses = ['baseURL', 'baseUrl', 'prefixUrl'];

function addressOf({ node, target }: Outbound, tools: Analysis): string | undefined {
  const { ts, clients, readOption } = tools;
  const [first] = ts.isAwaitExpression(node) ? [] : argumentsOf(node);
  const url = first && ts.isObjectLiteralExpression(first) ? readOption(first, 'url') : undefined;
  const given = url ? (url.state === 'present' ? url.value : undefined) : first;
  const own = given && named(given, tools);
  if (own !== undefined) return own;
  const base = clients.option(target, baseAddresses);
  return base.state === 'present' ? named(base.value, tools) : undefined;
}

const maxSteps = 8;

/** The host of an address that is written out, or what the code calls the address that another begins with. */
function named(address: ts.Node, tools: Analysis, steps = 0): string | undefined {
  const { ts, scopes } = tools;
  const node = unwrap(ts, address);
  if (steps > maxSteps) return undefined;
  if (ts.isStringLiteralLike(node)) return hostOf(node.text, '');
  if (ts.isTemplateExpression(node)) {
    const { head, templateSpans } = node;
    if (head.text !== '') return hostOf(head.text, '?');
    return templateSpans[0] && named(templateSpans[0].expression, tools, steps + 1);
  }
  if (ts.isBinaryExpression(node)) return named(node.left, tools, steps + 1);
  if (ts.isNewExpression(node)) {
    const [path, base] = argumentsOf(node);
    return node.expression.getText() === 'URL' && path ? named(base ?? path, tools, steps + 1) : undefined;
  }
  if (ts.isPropertyAccessExpression(node)) return settingName(node, tools);
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = scopes.find(node.text, node);
  if (!declaration || !ts.isVariableDeclaration(declaration)) return undefined;
  const written = declaration.initializer && named(declaration.initializer, tools, steps + 1);
  // What a function works out for itself is another address each time.
  return written ?? (ts.isSourceFile(declaration.parent.parent.parent) ? node.text : undefined);
}

function hostOf(text: string, end: string): string | undefined {
  const [, host, rest] = /^(?:https?|wss?):\/\/([^/?#]+)(.?)/.exec(text + end) ?? [];
  // `https://api.${region}…` goes on where the text ends.
  return end === '?' && rest === '?' ? undefined : host;
}

/** `config.paymentsUrl`, `process.env.PAYMENTS_URL`, `this.baseUrl` of a class. */
function settingName(access: ts.PropertyAccessExpression, { ts, scopes }: Analysis): string | undefined {
  const text = access.getText();
  if (text.startsWith('process.env.')) return access.name.text;
  let root: ts.Node = access;
  while (ts.isPropertyAccessExpression(root)) root = root.expression;
  if (root.kind === ts.SyntaxKind.ThisKeyword) {
    let owner: ts.Node | undefined = access;
    while (owner && !ts.isClassLike(owner)) owner = owner.parent;
    return owner?.name && `${owner.name.text}.${text.slice('this.'.length)}`;
  }
  const declaration = ts.isIdentifier(root) ? scopes.find(root.text, root) : undefined;
  const isOfAll =
    declaration !== undefined &&
    !ts.isParameter(declaration) &&
    (!ts.isVariableDeclaration(declaration) || ts.isSourceFile(declaration.parent.parent.parent));
  return isOfAll && /^[\w.]+$/.test(text) ? text : undefined;
}
