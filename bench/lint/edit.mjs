// Plays an editor on one large service of the backend, in a process of its own, and prints what each edit costs the analysis.
import { join, relative } from 'node:path';
import { createAnalyzer, isOwnSource } from '@holdfast/analysis';
import ts from 'typescript';
import { openProject, statementInTheMiddle } from '../editor/project.mjs';

const [backend, edits] = [process.argv[2], Number(process.argv[3])];

/** Each edit inserts one of these lines: one that means nothing, one that does, and one that gives the analysis work. */
const kinds = [
  { kind: 'a comment', line: (edit) => `// edit ${edit}\n` },
  { kind: 'a statement', line: (edit) => `const inserted${edit} = Date.now();\n` },
  { kind: 'an outbound call', line: (edit) => `void fetch('https://example.com/${edit}');\n` },
];

const project = openProject(join(backend, 'tsconfig.json'));
const { service } = project;
const { file, lines, calls } = largestService(service.getProgram());
project.open(file);
const place = statementInTheMiddle(file).getStart(file);

const opened = judge();
const samples = [];
for (let edit = 0; edit < edits; edit++) {
  const { kind, line } = kinds[edit % kinds.length];
  project.edit(place, place, line(edit));
  samples.push({ kind, ...judge() });
}
const name = relative(backend, file.fileName).replaceAll('\\', '/');
process.stdout.write(JSON.stringify({ file: name, lines, calls, opened, samples }), () => process.exit());

/** What an editor does after each change, and then what the plugin adds: milliseconds of CPU, of all threads. */
function judge() {
  const before = process.cpuUsage();
  const program = service.getProgram();
  service.getSemanticDiagnostics(file.fileName);
  const editor = milliseconds(process.cpuUsage(before));
  const started = process.cpuUsage();
  const findings = createAnalyzer({ ts, program, preset: 'recommended', onError: fail }).analyze(
    program.getSourceFile(file.fileName),
  );
  return { editor, own: milliseconds(process.cpuUsage(started)), findings: findings.length };
}

function milliseconds({ user, system }) {
  return (user + system) / 1_000;
}

function fail(error) {
  throw error;
}

/** Of the services with 1,200 to 1,600 lines, the one with the most calls. */
function largestService(program) {
  const services = program
    .getSourceFiles()
    .filter((file) => isOwnSource(file) && /service[^/]*\.ts$/.test(file.fileName))
    .map((file) => ({ file, lines: file.getLineStarts().length - 1 }))
    .filter(({ lines }) => lines >= 1_200 && lines <= 1_600)
    .map((candidate) => ({ ...candidate, calls: count(candidate.file, ts.isCallExpression) }));
  if (services.length === 0) throw new Error('the backend has no service of 1,200 to 1,600 lines');
  return services.reduce((most, next) => (next.calls > most.calls ? next : most));
}

function count(node, matches) {
  let found = matches(node) ? 1 : 0;
  ts.forEachChild(node, (child) => {
    found += count(child, matches);
  });
  return found;
}
