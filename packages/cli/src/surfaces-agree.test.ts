import { fileURLToPath } from 'node:url';
import { checks, type Preset } from '@holdfast/analysis';
import { afterAll, describe, expect, it } from 'vitest';
import { analysis, surfaces, type Seen } from '../testing/surfaces.js';

const root = fileURLToPath(new URL('../../analysis/fixtures', import.meta.url));
const presets: readonly Preset[] = ['recommended', 'strict'];

function sorted(findings: readonly Seen[]): readonly string[] {
  return findings
    .map((at) => `${at.file}:${at.line}:${at.column}-${at.endLine}:${at.endColumn} ${at.rule} ${at.code} ${at.message}`)
    .sort();
}

afterAll(async () => {
  await Promise.all(surfaces.map(({ stop }) => stop?.()));
});

// A program and an ESLint run each, and a project in each editor.
describe.each(checks)('the fixtures of $id', { timeout: 120_000 }, ({ id, preset: own }) => {
  it.each(['valid', 'invalid'])('give the same findings everywhere: %s', async (kind) => {
    const folder = `${root}/${id}/${kind}`;
    for (const preset of presets) {
      const expected = await analysis.findings(folder, preset);
      for (const { name, findings } of surfaces) {
        expect(sorted(await findings(folder, preset)), `${name}, ${preset}`).toEqual(sorted(expected));
      }
      if (preset === own) expect(expected.some(({ rule }) => rule === id)).toBe(kind === 'invalid');
    }
  });
});
