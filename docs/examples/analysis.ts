// #region smallest
import { createAnalyzer } from '@holdfast/analysis';
import ts from 'typescript';

export function findingsOf(fileName: string): string[] {
  const program = ts.createProgram([fileName], { strict: true, types: ['node'] });
  const analyzer = createAnalyzer({ ts, program });
  return analyzer.analyze(fileName).map(({ line, ruleId, message }) => `${line} ${ruleId}: ${message}`);
}
// #endregion
