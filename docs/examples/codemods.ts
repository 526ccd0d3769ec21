// #region smallest
import { dirname } from 'node:path';
import { analyzeFile, applyPlans, editedText, loadProject, planGuard, verify } from '@holdfast/codemods';

/** Guards what still type-checks afterwards. Returns the texts that were, or would be, written. */
export function guardProject(tsconfig: string, write: boolean): string[] {
  const project = loadProject(tsconfig);
  const plans = project.files.map((file) => planGuard(analyzeFile(project, file)));
  const sound = verify(project.program, plans)
    .filter(({ plan, newErrors }) => plan.edits.length > 0 && newErrors.length === 0)
    .map(({ plan }) => plan);
  if (write) applyPlans(sound, { root: dirname(tsconfig), command: 'guard', now: new Date() });
  return sound.map(editedText);
}
// #endregion
