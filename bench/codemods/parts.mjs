// One measurement of the codemods, in a process of its own: node parts.mjs <part> <tsconfig.json>. Reads its input from standard
// input and writes its result to standard output, both as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import {
  analyzeFile,
  createLoneAnalyzer,
  editedText,
  loadProject,
  planGuard,
  projectOf,
  verify,
} from '@holdfast/codemods';

const { Project, ts } = createRequire(new URL('../../packages/codemods/package.json', import.meta.url))('ts-morph');
const [part, tsconfig] = process.argv.slice(2);
const input = readFileSync(0, 'utf8');

const parts = {
  /** Which outbound calls each file has, as its own text tells: no types, no program. */
  scan() {
    const files = JSON.parse(input);
    const analyze = createLoneAnalyzer();
    let calls = 0;
    const time = timed(() => {
      for (const file of files) calls += analyze(file).outboundCalls.length;
    });
    return { time, calls };
  },

  /** The same files through jscodeshift, which looks for calls of `fetch` and of axios and prints nothing. */
  async jscodeshift() {
    const { default: jscodeshift } = await import('jscodeshift');
    const texts = textsOf(JSON.parse(input));
    const parsers = { ts: jscodeshift.withParser('ts'), tsx: jscodeshift.withParser('tsx') };
    let calls = 0;
    let failed = 0;
    const time = timed(() => {
      for (const [file, text] of texts) {
        try {
          const root = parsers[file.endsWith('x') ? 'tsx' : 'ts'](text);
          calls += root.find(jscodeshift.CallExpression).filter(({ node: { callee } }) => {
            const owner = callee.type === 'MemberExpression' ? callee.object : callee;
            return owner.type === 'Identifier' && (owner.name === 'fetch' || owner.name === 'axios');
          }).length;
        } catch {
          failed += 1;
        }
      }
    });
    return { time, calls, failed };
  },

  /** The edits of 300 methods of a class, in 30 files, once it is known what they call. */
  edits() {
    const project = new Project({
      compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext, types: [], strict: true },
      useInMemoryFileSystem: false,
    });
    for (let file = 0; file < 30; file += 1) {
      const methods = Array.from(
        { length: 10 },
        (_, index) =>
          `  async load${index}(id: string): Promise<unknown> {\n    const response = await fetch(\`https://items.internal/${index}/\${id}\`);\n    return response.json();\n  }\n`,
      );
      project.createSourceFile(`/bench/items-${file}.ts`, `export class Items${file} {\n${methods.join('\n')}}\n`);
    }
    const loaded = projectOf(project.getProgram().compilerObject);
    const analyzed = loaded.files.map((file) => analyzeFile(loaded, file));
    // What compilers call warm: the edits of other files have been planned before.
    for (const file of analyzed) planGuard(file);
    let changes = 0;
    let length = 0;
    const time = timed(() => {
      for (const file of analyzed) {
        const plan = planGuard(file);
        changes += plan.changes.length;
        length += editedText(plan).length;
      }
    });
    return { time, changes, length };
  },

  /** From the tsconfig to the plans of all files, nothing verified and nothing written. */
  plan() {
    let changing = [];
    let count = 0;
    const time = timed(() => {
      const { plans, files } = planned();
      changing = plans.map(({ file }) => file);
      count = files;
    });
    return { time, files: count, changing, memory: process.resourceUsage().maxRSS / 1024 };
  },

  verify() {
    const { program, plans } = planned();
    let refused = 0;
    const time = timed(() => {
      refused = verify(program, plans).filter(({ newErrors }) => newErrors.length > 0).length;
    });
    return { time, refused };
  },

  /** What type-checking the files costs that would change. */
  diagnostics() {
    const { program } = loadProject(tsconfig);
    const { declaration, composite } = program.getCompilerOptions();
    const time = timed(() => {
      for (const file of JSON.parse(input)) {
        const source = program.getSourceFile(file);
        program.getSyntacticDiagnostics(source);
        program.getSemanticDiagnostics(source);
        if (declaration || composite) program.getDeclarationDiagnostics(source);
      }
    });
    return { time };
  },

  /** Creates and binds the program and warms its checker up, as `holdfast check` must before it can judge. */
  async program() {
    const { default: typescript } = await import('typescript');
    const time = timed(() => {
      const host = { ...typescript.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
      const config = typescript.getParsedCommandLineOfConfigFile(tsconfig, undefined, host);
      const program = typescript.createProgram(config.fileNames, config.options);
      program.getTypeChecker();
      program.getGlobalDiagnostics();
    });
    return { time };
  },

  /** The whole command, but for loading its own code. */
  async check() {
    const { run } = await import('../../packages/cli/dist/run.js');
    let output = '';
    const terminal = {
      cwd: dirname(tsconfig),
      out: (text) => void (output += text),
      notes: () => undefined,
      colors: false,
    };
    const start = process.cpuUsage();
    const code = await run(['check', '--project', tsconfig, '--format', 'json'], terminal, '0.0.0');
    const time = since(start);
    if (code === 2) throw new Error('check could not run');
    return { time, findings: JSON.parse(output).findings.length };
  },
};

function planned() {
  const project = loadProject(tsconfig);
  const plans = project.files
    .map((file) => planGuard(analyzeFile(project, file)))
    .filter(({ edits }) => edits.length > 0);
  return { program: project.program, plans, files: project.files.length };
}

/** @param {readonly string[]} files */
function textsOf(files) {
  return files.map((file) => [file, readFileSync(file, 'utf8')]);
}

/**
 * CPU time in milliseconds.
 *
 * @param {() => void} work
 */
function timed(work) {
  const start = process.cpuUsage();
  work();
  return since(start);
}

/** @param {NodeJS.CpuUsage} start */
function since(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

process.stdout.write(JSON.stringify(await parts[part]()));
