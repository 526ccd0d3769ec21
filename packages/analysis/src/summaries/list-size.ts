import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { unwrap } from '../resolver/unwrap.js';

/** Whether the code itself limits how long a list is; `unknown` when that is said elsewhere. */
export type ListSize = 'bounded' | 'unbounded' | 'unknown';

type Tools = Pick<Analysis, 'ts' | 'scopes' | 'facts' | 'checker' | 'callers' | 'catalogue' | 'reachable' | 'targets'>;

const maxSteps = 10;
/** Members that hand on what they are called on. */
const keeping = /^(?:filter|map|sort|toSorted|reverse|toReversed|values|keys|entries|slice|concat|flat)$/;
/** Names of what is a part of something longer, and of what is written down in the configuration. */
const parts = /^(?:chunk|batch|page|slice|window|part|group)|(?:chunk|batch|page)$/i;
const configuration = /config|option|setting|\benv\b|process\.env/i;
/** What a service has a few of. */
const few =
  /^(?:hosts|servers|nodes|brokers|endpoints|replicas|shards|providers|adapters|plugins|strategies|regions|languages|locales|environments|stages|nameservers)$/i;
/** The code says how many it asks for. */
const limiting =
  /\blimit\b|\btake\b|\btop\b|per_?page|page_?size|max_?(?:results|items|keys|number)|\bfirst:|\bcount:|batch_?size/i;

export function sizeOf(list: ts.Expression, tools: Tools, steps = 0): ListSize {
  const { ts, scopes } = tools;
  const expression = unwrap(ts, list) as ts.Expression;
  if (steps > maxSteps) return 'unknown';
  if (ts.isArrayLiteralExpression(expression)) {
    const spread = expression.elements.flatMap((element) =>
      ts.isSpreadElement(element) ? [sizeOf(element.expression, tools, steps + 1)] : [],
    );
    return spread.find((size) => size === 'unbounded') ?? spread.find((size) => size === 'unknown') ?? 'bounded';
  }
  if (ts.isObjectLiteralExpression(expression)) {
    // `Array.from({ length: 5 }, …)`
    const length = expression.properties.find((property) => property.name?.getText() === 'length');
    return length && ts.isPropertyAssignment(length) && ts.isNumericLiteral(length.initializer) ? 'bounded' : 'unknown';
  }
  if (ts.isCallExpression(expression) || ts.isNewExpression(expression)) return ofCall(expression, tools, steps);
  if (ts.isConditionalExpression(expression)) {
    return longer(sizeOf(expression.whenTrue, tools, steps + 1), sizeOf(expression.whenFalse, tools, steps + 1));
  }
  if (ts.isBinaryExpression(expression))
    return longer(sizeOf(expression.left, tools, steps + 1), sizeOf(expression.right, tools, steps + 1));
  if (ts.isPropertyAccessExpression(expression)) return ofMember(expression, tools, steps);
  if (!ts.isIdentifier(expression)) return 'unknown';
  if (parts.test(expression.text) || /^[A-Z][A-Z\d_]*$/.test(expression.text)) return 'bounded';
  const declaration = scopes.find(expression.text, expression);
  const size = declaration ? ofDeclaration(declaration, expression, tools, steps) : 'unknown';
  return size === 'unbounded' && few.test(expression.text) ? 'unknown' : size;
}

function longer(a: ListSize, b: ListSize): ListSize {
  if (a === 'unbounded' || b === 'unbounded') return 'unbounded';
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'bounded';
}

function ofCall(call: ts.CallExpression | ts.NewExpression, tools: Tools, steps: number): ListSize {
  const { ts, catalogue, reachable, targets } = tools;
  const callee = unwrap(ts, call.expression) as ts.Expression;
  const [first, second] = call.arguments ?? [];
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
  if (ts.isNewExpression(call)) {
    if (name === 'Array') return first && ts.isNumericLiteral(first) ? 'bounded' : 'unknown';
    return first && /^(?:Set|Map)$/.test(name) ? sizeOf(first, tools, steps + 1) : 'unknown';
  }
  if (ts.isPropertyAccessExpression(callee)) {
    const { expression } = callee;
    if (expression.getText() === 'Object' && /^(?:keys|values|entries)$/.test(name) && first)
      return ofObject(first, tools);
    if (expression.getText() === 'Array' && name === 'from' && first) return sizeOf(first, tools, steps + 1);
    if (name === 'split')
      return ts.isStringLiteralLike(expression) || configuration.test(expression.getText()) ? 'bounded' : 'unknown';
    if ((name === 'slice' && second) || name === 'splice') return 'bounded';
    if (keeping.test(name) && !targets.call(call)) return sizeOf(expression, tools, steps + 1);
  }
  if (name === 'Array') return first && ts.isNumericLiteral(first) ? 'bounded' : 'unknown';
  if (limiting.test(call.getText()) || /chunk|batch|page|config|option|sample|slice/i.test(name)) return 'unknown';
  const target = targets.call(call);
  // What others answer comes in pages more often than not; a table has as many rows as it has.
  if (target) return catalogue.module(target.module)?.kind === 'db' ? 'unbounded' : 'unknown';
  // A function of the project that asks somebody, in words that set no limit.
  const asked = reachable.functionsOf(callee).flatMap((code) => reachable.from(code));
  const reads = asked.filter(({ outbound }) => outbound.kind === 'db' && outbound.effect === 'read');
  if (reads.length === 0) return 'unknown';
  const isLimited =
    reachable.functionsOf(callee).some((code) => limiting.test(code.getText())) ||
    reads.some(({ outbound }) => limiting.test(outbound.node.getText()));
  return isLimited ? 'unknown' : 'unbounded';
}

function ofObject(object: ts.Expression, { ts, scopes }: Tools): ListSize {
  const node = unwrap(ts, object);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.some((property) => ts.isSpreadAssignment(property)) ? 'unknown' : 'bounded';
  if (!ts.isIdentifier(node)) return 'unknown';
  const declaration = scopes.find(node.text, node);
  if (!declaration) return 'unknown';
  if (ts.isEnumDeclaration(declaration)) return 'bounded';
  if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return 'unknown';
  const made = unwrap(ts, declaration.initializer);
  return ts.isObjectLiteralExpression(made) && made.properties.length > 0 ? 'bounded' : 'unknown';
}

function ofMember(access: ts.PropertyAccessExpression, tools: Tools, steps: number): ListSize {
  const { ts, scopes } = tools;
  const text = access.getText();
  // `event.Records` of a queue is as long as its batch.
  if (parts.test(access.name.text) || access.name.text === 'Records' || configuration.test(text)) return 'bounded';
  let root: ts.Expression = access;
  while (ts.isPropertyAccessExpression(root) || ts.isNonNullExpression(root) || ts.isElementAccessExpression(root))
    root = root.expression;
  const inner = unwrap(ts, root) as ts.Expression;
  if (ts.isCallExpression(inner)) return ofCall(inner, tools, steps + 1);
  const declaration = ts.isIdentifier(inner) ? scopes.find(inner.text, inner) : undefined;
  if (!declaration) return 'unknown';
  // `response.data.items`: what came back. A member of a parameter may be anything.
  const isResult = ts.isVariableDeclaration(declaration) && declaration.initializer;
  return isResult ? ofResult(declaration.initializer!, tools, steps + 1) : 'unknown';
}

function ofResult(value: ts.Expression, tools: Tools, steps: number): ListSize {
  const node = unwrap(tools.ts, value) as ts.Expression;
  return tools.ts.isCallExpression(node) ? ofCall(node, tools, steps) : 'unknown';
}

function ofDeclaration(declaration: ts.Node, use: ts.Identifier, tools: Tools, steps: number): ListSize {
  const { ts, checker } = tools;
  if (ts.isVariableDeclaration(declaration)) {
    if (isLoopVariable(declaration, ts)) return 'unknown';
    if (!declaration.initializer) return 'unknown';
    const size = sizeOf(declaration.initializer, tools, steps + 1);
    return size === 'bounded' && grows(use, declaration, tools) ? 'unknown' : size;
  }
  if (ts.isParameter(declaration)) return ofParameter(declaration, tools, steps);
  if (ts.isBindingElement(declaration)) return ofBinding(declaration, tools, steps);
  const imported = checker?.declarationOf(use);
  if (imported && imported !== declaration && ts.isVariableDeclaration(imported) && imported.initializer) {
    return sizeOf(imported.initializer, tools, steps + 1);
  }
  return 'unknown';
}

function isLoopVariable(declaration: ts.VariableDeclaration, ts: Tools['ts']): boolean {
  const loop = declaration.parent.parent;
  return ts.isForOfStatement(loop) || ts.isForInStatement(loop);
}

/** An empty list to which something is pushed is as long as what pushes. */
function grows(use: ts.Identifier, declaration: ts.VariableDeclaration, { ts, facts, scopes }: Tools): boolean {
  return (facts(use.getSourceFile()).mentions.get(use.text) ?? []).some((mention) => {
    const access = mention.parent;
    const isChange =
      ts.isPropertyAccessExpression(access) &&
      access.expression === mention &&
      /^(?:push|unshift|splice|add)$/.test(access.name.text);
    return isChange && scopes.find(use.text, mention) === declaration;
  });
}

function ofParameter(parameter: ts.ParameterDeclaration, tools: Tools, steps: number): ListSize {
  const { ts, callers } = tools;
  const { type } = parameter;
  if (parameter.dotDotDotToken) return 'unknown';
  if (type && /^(?:readonly\s*)?\[/.test(type.getText())) return 'bounded';
  // A callback is called with what somebody else decides.
  if (ts.isCallExpression(parameter.parent.parent)) return 'unknown';
  const passed = callers.argumentsFor(parameter);
  if (!passed?.length) return 'unbounded';
  return passed.map((argument): ListSize => (argument ? sizeOf(argument, tools, steps + 1) : 'bounded')).reduce(longer);
}

/** `const { rows } = await pool.query(…)`, `({ ids }: Request) => …` */
function ofBinding(element: ts.BindingElement, tools: Tools, steps: number): ListSize {
  const { ts } = tools;
  if (ts.isIdentifier(element.name) && (parts.test(element.name.text) || element.name.text === 'Records'))
    return 'bounded';
  const source = element.parent.parent;
  if (ts.isVariableDeclaration(source))
    return source.initializer ? ofResult(source.initializer, tools, steps + 1) : 'unknown';
  return 'unknown';
}
