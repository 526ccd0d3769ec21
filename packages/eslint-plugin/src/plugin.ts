import { createRequire } from 'node:module';
import { checks } from '@holdfast/analysis';
import type { ESLint, Linter } from 'eslint';
import { ruleOf } from './rule.js';

type RuleDefinition = NonNullable<ESLint.Plugin['rules']>[string];

/** The plugin: every check as a rule of the same name. */
export interface HoldfastPlugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string };
  readonly rules: Record<string, RuleDefinition>;
  readonly configs: Readonly<Record<ConfigName, Linter.Config>>;
}

/**
 * `recommended`: precise enough to be errors in CI. `strict`: also what rests on code out of sight. `syntactic`:
 * the same rules for files that are linted without types.
 */
type ConfigName = 'recommended' | 'strict' | 'syntactic';

const namespace = '@holdfast';
const { name, version } = createRequire(import.meta.url)('../package.json') as { name: string; version: string };
// typescript-eslint and ESLint describe the same rule in types that do not fit each other.
const rules = Object.fromEntries(checks.map((check) => [check.id, ruleOf(check) as unknown as RuleDefinition]));

export const plugin: HoldfastPlugin = {
  meta: { name, version, namespace },
  rules,
  configs: {
    get recommended() {
      return config('recommended', 'recommended');
    },
    get strict() {
      return config('strict', 'strict');
    },
    get syntactic() {
      return config('syntactic', 'recommended');
    },
  },
};

function config(name: ConfigName, preset: 'recommended' | 'strict'): Linter.Config {
  const shown = checks.filter((check) => preset === 'strict' || check.preset === 'recommended');
  return {
    name: `holdfast/${name}`,
    plugins: { [namespace]: plugin },
    rules: Object.fromEntries(
      shown.map(({ id }) => [`${namespace}/${id}`, preset === 'strict' ? ['error', { preset }] : 'error']),
    ),
  };
}
