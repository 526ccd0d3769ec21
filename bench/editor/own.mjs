// node own.mjs <tsconfig.json> <file> <edits>: what each edit costs the analysis, over a language service with warm caches. In a
// process of its own; prints milliseconds of CPU, of all threads, as JSON.
import { createAnalyzer } from '@holdfast/analysis';
import ts from 'typescript';
import { openProject, statementInTheMiddle } from './project.mjs';

const [tsconfig, name, edits] = process.argv.slice(2);
const project = openProject(tsconfig);
const { service } = project;
const file = service.getProgram().getSourceFile(name);
const place = statementInTheMiddle(file).getStart(file);
project.open(file);

const opening = judge();
const samples = [];
for (let edit = 0; edit < Number(edits); edit += 1) {
  if (edit % 2 === 0) project.edit(place, place, ';');
  else project.edit(place, place + 1, '');
  samples.push(judge());
}
process.stdout.write(JSON.stringify({ opening, samples }), () => process.exit());

function judge() {
  // What the editor does by itself comes first.
  const program = service.getProgram();
  service.getSemanticDiagnostics(name);
  const start = process.cpuUsage();
  createAnalyzer({ ts, program, onError: fail }).analyze(program.getSourceFile(name));
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

function fail(error) {
  throw error;
}
