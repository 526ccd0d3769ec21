import { checks } from '../checks/checks.js';
import type { Preset } from '../checks/check.js';

/** How an editor marks findings; `off` hides them. */
export type Severity = 'error' | 'warning' | 'suggestion' | 'off';

export interface EditorSettings {
  readonly preset: Preset;
  /** Of the findings of a rule. */
  severityOf(ruleId: string): Severity;
}

const presets: readonly unknown[] = ['recommended', 'strict'];
const severities: readonly unknown[] = ['error', 'warning', 'suggestion', 'off'];
const known = ['preset', 'severity', 'rules'];

/**
 * Reads `{ preset, severity, rules: { [rule]: severity } }`, as it is written beside the name of the plugin or in the settings of an
 * editor. What is wrong in it is left out and told of: an editor goes on.
 */
export function parseEditorSettings(given: unknown, onWarning: (message: string) => void): EditorSettings {
  const options = isObject(given) ? given : {};
  for (const name of Object.keys(options)) {
    // What tsserver writes into the entry of a plugin.
    if (name !== 'name' && name !== 'global' && !known.includes(name))
      onWarning(`${name} is no setting; there are ${known.join(', ')}`);
  }
  const preset = oneOf('preset', options['preset'], presets, 'recommended', onWarning) as Preset;
  const severity = oneOf('severity', options['severity'], severities, 'warning', onWarning) as Severity;
  const entries = options['rules'];
  const rules = new Map<string, Severity>();
  if (entries !== undefined && !isObject(entries)) onWarning(`rules must be an object, got ${shown(entries)}`);
  for (const [rule, value] of Object.entries(isObject(entries) ? entries : {})) {
    if (!checks.some(({ id }) => id === rule)) onWarning(`rules: there is no rule ${rule}`);
    else rules.set(rule, oneOf(`rules, ${rule}`, value, severities, severity, onWarning) as Severity);
  }
  return { preset, severityOf: (ruleId) => rules.get(ruleId) ?? severity };
}

function oneOf(
  name: string,
  value: unknown,
  allowed: readonly unknown[],
  otherwise: string,
  onWarning: (message: string) => void,
): unknown {
  if (value === undefined) return otherwise;
  if (allowed.includes(value)) return value;
  onWarning(`${name} must be one of ${allowed.join(', ')}, got ${shown(value)}`);
  return otherwise;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
