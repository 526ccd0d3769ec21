import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { shorten } from '../location.js';
import { rewrap } from '../resolver/unwrap.js';

type Tools = Pick<Analysis, 'ts' | 'facts' | 'scopes'>;

const methods = /^(?:get|post|put|patch|delete|head|options|all)$/;
const events =
  /^(?:on|once|use|subscribe|consume|process|command|handle|schedule|setInterval|setTimeout|setImmediate)$/;
/** Decorators by which frameworks are told what to call. */
const handlers =
  /^@(?:Get|Post|Put|Patch|Delete|Head|Options|All|Sse|Query|Mutation|Subscription|ResolveField|MessagePattern|EventPattern|SubscribeMessage|GrpcMethod|GrpcStreamMethod|OnEvent|Process|Cron|Interval)\(/;

/** What a call registers the functions among its arguments for: `GET /orders`, `on message`. */
export function registration(call: ts.Node, { ts }: Pick<Tools, 'ts'>): string | undefined {
  if (!ts.isCallExpression(call) || !ts.isExpressionStatement(rewrap(ts, call).parent)) return undefined;
  const callee = call.expression;
  const member = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  const first = call.arguments[0];
  const subject = first && ts.isStringLiteralLike(first) ? first.text : undefined;
  if (methods.test(member)) return subject?.startsWith('/') ? `${member.toUpperCase()} ${subject}` : undefined;
  return events.test(member) ? [member, subject].filter(Boolean).join(' ') : undefined;
}

/** The function around a place, within its owner, that is written where it is registered. */
export function handlerAround(place: ts.Node, owner: ts.Node | undefined, tools: Tools): ts.Node | undefined {
  const { ts } = tools;
  for (let node = place; node.parent && node !== owner; node = node.parent) {
    if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) continue;
    if (registration(rewrap(ts, node).parent, tools) !== undefined) return node;
  }
  return undefined;
}

/** What a function is registered for, where it is written or by its name, or the decorator of a framework. */
export function routeOf(node: ts.Node, tools: Tools): string | undefined {
  const { ts, facts, scopes } = tools;
  const direct = registration(rewrap(ts, node).parent, tools);
  if (direct !== undefined) return direct;
  const decorators = ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
  const handling = decorators.find((decorator) => handlers.test(decorator.getText()));
  if (handling) return shorten(handling.getText());
  const { name } = node as Partial<ts.NamedDeclaration>;
  if (!name || !ts.isIdentifier(name)) return undefined;
  for (const mention of facts(node.getSourceFile()).mentions.get(name.text) ?? []) {
    const isMember = ts.isPropertyAccessExpression(mention.parent) && mention.parent.name === mention;
    if (!isMember && scopes.find(name.text, mention) !== node) continue;
    const route = registration(rewrap(ts, isMember ? mention.parent : mention).parent, tools);
    if (route !== undefined) return route;
  }
  return undefined;
}
