import { createHash } from 'node:crypto';
import type { Finding } from '@holdfast/analysis';
import ts from 'typescript';

/** A finding with what names it from run to run, and its file as others know it. */
export interface NamedFinding {
  readonly finding: Finding;
  /** From the root of the repository, with `/` between the folders: the same on every machine. */
  readonly file: string;
  readonly fingerprint: string;
}

/**
 * Names findings so that they keep their names when lines move, code is added elsewhere, or the checkout is another: by rule, file, the
 * function around them and the text they are about. The same text twice in one function is told apart by its order.
 */
export function nameFindings(
  findings: readonly Finding[],
  fileOf: (finding: Finding) => string,
  sourceOf: (file: string) => ts.SourceFile | undefined,
): NamedFinding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const source = sourceOf(finding.file);
    const file = fileOf(finding);
    const text = source?.text.slice(finding.start, finding.end).replaceAll(/\s+/g, ' ');
    const place = source ? containerOf(source, finding.start) : '';
    const identity = JSON.stringify([finding.ruleId, finding.messageId, file, place, text]);
    const order = seen.get(identity) ?? 0;
    seen.set(identity, order + 1);
    const hash = createHash('sha256').update(`${identity} ${String(order)}`);
    return { finding, file, fingerprint: hash.digest('hex').slice(0, 32) };
  });
}

/** The names of everything around a place, such as `Orders.charge`. */
function containerOf(source: ts.SourceFile, at: number): string {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (at < node.pos || at >= node.end) return;
    const { name } = node as { name?: ts.Node };
    if (name && (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isVariableDeclaration(node))) {
      names.push(name.getText(source));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names.join('.');
}
