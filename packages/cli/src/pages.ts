import { readFileSync } from 'node:fs';

/** Where the build puts the documentation, for those who read it without a network. */
const folder = new URL('../dist/pages/', import.meta.url);

/** The documentation of a rule as Markdown, or nothing when there is no such rule. */
export function rulePage(id: string): string | undefined {
  return /^[a-z-]+$/.test(id) ? read(`rules/${id}.md`) : undefined;
}

/** What the documentation says about an error code. */
export function errorSection(code: string): string | undefined {
  const sections = read('errors.md')?.split(/^(?=## )/m) ?? [];
  return sections.find((section) => section.startsWith(`## ${code}\n`))?.trim();
}

/** The error codes that are documented. */
export function errorCodes(): string[] {
  return [...(read('errors.md') ?? '').matchAll(/^## (HOLDFAST_\w+)$/gm)].map(([, code]) => code ?? '');
}

function read(name: string): string | undefined {
  try {
    // What only the tests of the documentation need.
    return readFileSync(new URL(name, folder), 'utf8').replaceAll(/<!--[^]*?-->\n*/g, '');
  } catch {
    return undefined;
  }
}
