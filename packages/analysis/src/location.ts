import type ts from 'typescript';
import type { Evidence, Location } from './finding.js';
import type { TypeScript } from './typescript.js';

export function locate(file: ts.SourceFile, start: number, end: number): Location {
  const from = file.getLineAndCharacterOfPosition(start);
  const to = file.getLineAndCharacterOfPosition(end);
  return {
    file: file.fileName,
    start,
    end,
    line: from.line + 1,
    column: from.character + 1,
    endLine: to.line + 1,
    endColumn: to.character + 1,
  };
}

/** A step as a person would name it: a function by its name, with its class; a call by its callee. */
export function evidenceOf(ts: TypeScript, node: ts.Node): Evidence {
  if (ts.isCallExpression(node)) return written(node.expression);
  if (ts.isConstructorDeclaration(node))
    return { ...written(node), text: `new ${className(ts, node) ?? 'constructor'}` };
  const { name } = node as Partial<ts.NamedDeclaration>;
  if (!name) return written(node);
  const owner = ts.isMethodDeclaration(node) || ts.isPropertyDeclaration(node) ? className(ts, node) : undefined;
  const step = written(name);
  return owner === undefined ? step : { ...step, text: `${owner}.${step.text}` };
}

/** The text of a node, on one line and not too long. */
export function written(node: ts.Node): Evidence {
  const file = node.getSourceFile();
  return { ...locate(file, node.getStart(file), node.end), text: shorten(node.getText(file)) };
}

function className(ts: TypeScript, member: ts.Node): string | undefined {
  const { parent } = member;
  return ts.isClassLike(parent) ? parent.name?.text : undefined;
}

export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
