#!/usr/bin/env node
import { createRequire } from 'node:module';
import { run } from './run.js';
import { processTerminal } from './terminal.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

// No process.exit: a pipe may still be reading.
process.exitCode = await run(process.argv.slice(2), processTerminal(), version);
