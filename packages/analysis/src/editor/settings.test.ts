import { describe, expect, it } from 'vitest';
import { parseEditorSettings } from './settings.js';

function parsed(given: unknown): { readonly warnings: readonly string[]; readonly severity: string; preset: string } {
  const warnings: string[] = [];
  const settings = parseEditorSettings(given, (warning) => warnings.push(warning));
  return { warnings, severity: settings.severityOf('no-nested-retry'), preset: settings.preset };
}

describe('the settings of an editor', () => {
  it('are those of the plugin entry, where tsserver adds fields of its own', () => {
    const entry = { name: '@holdfast/typescript-plugin', global: true, preset: 'strict', severity: 'error' };
    expect(parsed(entry)).toEqual({ warnings: [], severity: 'error', preset: 'strict' });
  });

  it('are left out one by one where they are wrong, and told of', () => {
    const { warnings, ...settings } = parsed({
      preset: 'all',
      rules: { 'no-nested-retry': 'off', gone: 'off' },
      more: 1,
    });
    expect(settings).toEqual({ severity: 'off', preset: 'recommended' });
    expect(warnings).toEqual([
      'more is no setting; there are preset, severity, rules',
      'preset must be one of recommended, strict, got "all"',
      'rules: there is no rule gone',
    ]);
  });
});
