import { defaultProfile, planGuard } from '@holdfast/codemods';
import type { Codemod } from '../changes.js';

/** `holdfast guard`: policies around the calls that have none. */
export const guard: Codemod = {
  command: 'guard',
  words: { done: 'guarded', would: 'guard', thing: 'call', nothing: 'nothing to guard', ask: 'Guard' },
  isOfUnguardedCalls: true,
  plan: (file, options) => planGuard(file, defaultProfile, options),
};
