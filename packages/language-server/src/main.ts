#!/usr/bin/env node
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './server.js';

const transports = /^--(?:stdio|node-ipc|socket|pipe)(?:=|$)/;

if (process.argv.slice(2).some((argument) => transports.test(argument))) {
  serve(createConnection(ProposedFeatures.all));
} else {
  process.stderr.write('usage: holdfast-language-server --stdio\n');
  process.exitCode = 2;
}
