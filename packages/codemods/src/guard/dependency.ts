import type { OutboundCall } from '@holdfast/analysis';
import { ts } from 'ts-morph';

/** Names what a call depends on: the client it goes through, or for `fetch` the start of its address. */
export function dependencyOf(call: ts.CallExpression, { target }: OutboundCall): string {
  const callee = call.expression;
  if (target.module !== 'global') {
    const client = ts.isPropertyAccessExpression(callee) && target.member !== undefined ? callee.expression : callee;
    return builderRoot(client)
      .getText()
      .replace(/^this\.#?/, '');
  }
  return address(call.arguments[0]) ?? 'fetch';
}

/** `this.db` of `this.db('users').where(…)`: what was built so far is no other dependency. */
function builderRoot(client: ts.Expression): ts.Expression {
  let root = client;
  for (let node = client; ; node = node.expression) {
    if (ts.isCallExpression(node)) root = node.expression;
    else if (!ts.isPropertyAccessExpression(node) && !ts.isNonNullExpression(node)) return root;
  }
}

function address(url: ts.Expression | undefined): string | undefined {
  if (!url) return undefined;
  if (ts.isStringLiteralLike(url)) return host(url.text);
  if (ts.isTemplateExpression(url)) {
    const [first] = url.templateSpans;
    return url.head.text === '' ? first?.expression.getText() : host(url.head.text);
  }
  if (ts.isBinaryExpression(url)) return address(url.left) ?? url.left.getText();
  if (ts.isNewExpression(url)) return address(url.arguments?.[1] ?? url.arguments?.[0]);
  return ts.isIdentifier(url) || ts.isPropertyAccessExpression(url) ? url.getText() : undefined;
}

function host(text: string): string {
  return /^\w+:\/\/([^/?#]*)/.exec(text)?.[1] ?? text.split(/[/?#]/, 2).join('/');
}
