// Plays an editor on one large service of the backend, in a process of its own, and prints what each edit costs the analysis.
import { join, relative } from 'node:path';
import { createAnalyzer, isOwnSource } from '@holdfast/analysis';
import ts from 'typescript';

const [backend, edits] = [process.argv[2], Number(process.argv[3])];

/** Each edit inserts one of these lines: one that means nothing, one that does, and one that gives the analysis work. */
const kinds = [
  { kind: 'a comment', line: (edit) => `// edit ${edit}\n` },
  { kind: 'a statement', line: (edit) => `const inserted${edit} = Date.now();\n` },
  { kind: 'an outbound call', line: (edit) => `void fetch('https://example.com/${edit}');\n` },
];

const { options, fileNames } = readProject();
const edited = { name: '', text: '', version: 0 };
const service = ts.createLanguageService(languageServiceHost(), ts.createDocumentRegistry());
const { file, lines, calls } = largestService(service.getProgram());
edited.name = file.fileName;
edited.text = file.text;
const place = statementInTheMiddle(file).getStart(file);

const opened = judge();
const samples = [];
for (let edit = 0; edit < edits; edit++) {
  const { kind, line } = kinds[edit % kinds.length];
  edited.text = edited.text.slice(0, place) + line(edit) + edited.text.slice(place);
  edited.version += 1;
  samples.push({ kind, ...judge() });
}
const name = relative(backend, file.fileName).replaceAll('\\', '/');
process.stdout.write(JSON.stringify({ file: name, lines, calls, opened, samples }), () => process.exit());

/** What an editor does after each change, and then what the plugin adds: milliseconds of CPU, of all threads. */
function judge() {
  const before = process.cpuUsage();
  const program = service.getProgram();
  service.getSemanticDiagnostics(edited.name);
  const editor = milliseconds(process.cpuUsage(before));
  const started = process.cpuUsage();
  const findings = createAnalyzer({ ts, program, preset: 'recommended', onError: fail }).analyze(
    program.getSourceFile(edited.name),
  );
  return { editor, own: milliseconds(process.cpuUsage(started)), findings: findings.length };
}

function milliseconds({ user, system }) {
  return (user + system) / 1_000;
}

function fail(error) {
  throw error;
}

function readProject() {
  const { config, error } = ts.readConfigFile(join(backend, 'tsconfig.json'), ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  return ts.parseJsonConfigFileContent(config, ts.sys, backend);
}

function languageServiceHost() {
  const { fileExists, readFile, readDirectory, directoryExists, getDirectories, realpath } = ts.sys;
  return {
    getCompilationSettings: () => options,
    getScriptFileNames: () => fileNames,
    getScriptVersion: (name) => String(name === edited.name ? edited.version : 0),
    getScriptSnapshot: (name) => {
      const text = name === edited.name ? edited.text : readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => backend,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    ...{ fileExists, readFile, readDirectory, directoryExists, getDirectories, realpath },
  };
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

/** The statement of a function that is nearest to the middle of the file. */
function statementInTheMiddle(file) {
  const middle = file.text.length / 2;
  let nearest;
  const visit = (node) => {
    if (ts.isBlock(node)) {
      for (const statement of node.statements) {
        if (!nearest || Math.abs(statement.pos - middle) < Math.abs(nearest.pos - middle)) nearest = statement;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  if (!nearest) throw new Error(`${file.fileName} has no statement to edit`);
  return nearest;
}
