// #region smallest
import { analyzeFile, applyPlan, editedText, loadProject, planGuard, verify } from '@holdfast/codemods';

/** Guards the files of a project that still type-check afterwards. Returns what was, or would be, written. */
export function guardProject(tsconfig: string, write: boolean): string[] {
  const project = loadProject(tsconfig);
  const plans = project.files.map((file) => planGuard(analyzeFile(project, file)));
  const sound = verify(project.program, plans).filter(
    ({ plan, newErrors }) => plan.edits.length > 0 && newErrors.length === 0,
  );
  if (write) for (const { plan } of sound) applyPlan(plan);
  return sound.map(({ plan }) => editedText(plan));
}
// #endregion
