// The command shows documentation without a network: its package carries the pages.
import { cpSync, rmSync } from 'node:fs';

const pages = new URL('../packages/cli/dist/pages/', import.meta.url);
rmSync(pages, { recursive: true, force: true });
cpSync(new URL('../docs/rules', import.meta.url), new URL('rules', pages), { recursive: true });
cpSync(new URL('../docs/errors.md', import.meta.url), new URL('errors.md', pages));
