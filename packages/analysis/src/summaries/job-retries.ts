import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { argumentsOf, calleeOf, type CallLike } from '../facts/file-facts.js';
import { literalOf } from '../resolver/literals.js';
import type { Option } from '../resolver/options.js';
import { unwrap } from '../resolver/unwrap.js';
import { stepsOf } from './guarded-ways.js';
import type { Reached } from './reachable.js';

/** A job that a queue runs again when its processor fails. */
export interface JobRetry {
  /** Seen where the job is added, or where it is processed. */
  readonly place: 'queue' | 'processor';
  /** What sets the attempts: the callee of `queue.add(…)`, or of what makes the queue. */
  readonly at: ts.Node;
  readonly queue: string;
  /** How often it is tried at most; `undefined` when that cannot be read. */
  readonly attempts: number | undefined;
  readonly isSure: boolean;
  readonly processor: ts.Node;
  readonly ways: readonly (Reached & {
    readonly steps: readonly { readonly node: ts.Node; readonly code: ts.Node }[];
  })[];
}

type Tools = Pick<
  Analysis,
  | 'ts'
  | 'facts'
  | 'scopes'
  | 'meanings'
  | 'targets'
  | 'readOption'
  | 'reachable'
  | 'ownFiles'
  | 'operations'
  | 'checker'
  | 'regions'
  | 'callers'
  | 'outbound'
>;

interface Setting {
  readonly at: ts.Node;
  readonly file: ts.SourceFile;
  readonly queue: string;
  readonly attempts: number | undefined;
}

interface Processor {
  readonly node: ts.FunctionLikeDeclaration;
  readonly file: ts.SourceFile;
  readonly queue: string;
}

interface Jobs {
  readonly settings: readonly Setting[];
  readonly processors: readonly Processor[];
}

const jobsOf = new WeakMap<object, Jobs>();
const words = /bull|attempts/;

/** The jobs that a file adds with more than one attempt, and those that it processes. */
export function* jobRetries(file: ts.SourceFile, tools: Tools): Iterable<JobRetry> {
  if (!words.test(file.text)) return;
  const { settings, processors } = jobs(tools);
  for (const setting of settings) {
    for (const processor of processors) {
      if (processor.queue !== setting.queue) continue;
      const common = {
        at: setting.at,
        queue: setting.queue,
        attempts: setting.attempts,
        isSure: setting.attempts !== undefined,
        processor: processor.node,
        ways: waysFrom(processor, tools),
      };
      if (setting.file === file) yield { ...common, place: 'queue' };
      if (processor.file === file && !(setting.file === file)) yield { ...common, place: 'processor' };
    }
  }
}

function waysFrom({ node }: Processor, tools: Tools): JobRetry['ways'] {
  return tools.reachable.from(node).flatMap((reached) => {
    const steps = stepsOf(reached, node.body!, tools);
    return steps ? [{ ...reached, steps }] : [];
  });
}

/** Queues and processors find each other by name, across files. */
function jobs(tools: Tools): Jobs {
  const known = jobsOf.get(tools.ownFiles);
  if (known) return known;
  const settings: Setting[] = [];
  const processors: Processor[] = [];
  for (const file of tools.ownFiles()) {
    if (!words.test(file.text)) continue;
    for (const call of tools.facts(file).calls) {
      const setting = settingOf(call, file, tools);
      if (setting && setting.attempts !== 1) settings.push(setting);
      const processor = workerOf(call, tools);
      if (processor) processors.push({ ...processor, file });
    }
    for (const owner of tools.facts(file).classes) {
      for (const processor of processorsOf(owner, tools)) processors.push({ ...processor, file });
    }
  }
  const found = { settings, processors };
  jobsOf.set(tools.ownFiles, found);
  return found;
}

/** `queue.add(name, data, { attempts: 5 })`, `new Queue(name, { defaultJobOptions: { attempts: 5 } })` */
function settingOf(call: CallLike, file: ts.SourceFile, tools: Tools): Setting | undefined {
  const { ts, targets, readOption, meanings } = tools;
  const given = argumentsOf(call);
  const found = ts.isCallExpression(call) ? targets.row(call) : undefined;
  const name = found?.row.jobAttempts;
  if (name !== undefined) {
    const position = typeof found!.row.options === 'number' ? found!.row.options : given.length - 1;
    const option = firstPresent([given[position], given.at(-1)], name, readOption);
    const queue =
      option && ts.isPropertyAccessExpression(calleeOf(call))
        ? queueName((calleeOf(call) as ts.PropertyAccessExpression).expression, tools)
        : undefined;
    return option && queue !== undefined
      ? { at: calleeOf(call), file, queue, attempts: numberOf(option, tools) }
      : undefined;
  }
  if (!given.some((argument) => /defaultJobOptions/.test(argument.getText()))) return undefined;
  const made = meanings.of(call);
  const isQueue =
    made?.kind === 'instance' && (made.module === 'bull' || made.module === 'bullmq') && made.creation === call;
  const option = firstPresent(given, 'defaultJobOptions.attempts', readOption);
  if (!option) return undefined;
  const queue = isQueue ? given[0] && nameOfQueue(given[0], tools) : registeredName(call, tools);
  return queue === undefined ? undefined : { at: calleeOf(call), file, queue, attempts: numberOf(option, tools) };
}

/** `BullModule.registerQueue({ name, defaultJobOptions })` */
function registeredName(call: CallLike, tools: Tools): string | undefined {
  if (!/\.registerQueue(?:Async)?$/.test(calleeOf(call).getText())) return undefined;
  for (const argument of argumentsOf(call)) {
    const name = tools.readOption(argument, 'name');
    if (name.state === 'present') return nameOfQueue(name.value, tools);
  }
  return undefined;
}

function firstPresent(
  given: readonly (ts.Expression | undefined)[],
  name: string,
  readOption: Tools['readOption'],
): (Option & { readonly state: 'present' }) | undefined {
  for (const options of given) {
    const option = options && readOption(options, name);
    if (option?.state === 'present') return option;
  }
  return undefined;
}

function numberOf({ value }: { readonly value: ts.Expression }, tools: Tools): number | undefined {
  const literal = literalOf(tools.ts, tools.scopes, written(value, tools) ?? value);
  return typeof literal === 'number' ? literal : undefined;
}

/** `CONFIG.queue` is what an object or enum of the project says. */
function written(expression: ts.Expression, { ts, meanings, scopes }: Tools): ts.Expression | undefined {
  const node = unwrap(ts, expression);
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  const owner = meanings.of(node.expression);
  if (owner?.kind === 'object') {
    const member = meanings.memberNode(owner.node, node.name.text);
    if (member && (ts.isPropertyAssignment(member) || ts.isPropertyDeclaration(member))) return member.initializer;
  }
  const declaration = ts.isIdentifier(node.expression) ? scopes.find(node.expression.text, node.expression) : undefined;
  if (!declaration || !ts.isEnumDeclaration(declaration)) return undefined;
  return declaration.members.find(({ name }) => name.getText() === node.name.text)?.initializer;
}

/** What a queue is called: its text, or the words of the code that names it everywhere. */
function nameOfQueue(expression: ts.Expression, tools: Tools): string | undefined {
  const { ts, operations, checker } = tools;
  const node = unwrap(ts, expression) as ts.Expression;
  const text = operations.textOf(node) ?? operations.textOf(written(node, tools));
  if (text !== undefined) return text.includes('?') ? undefined : text;
  const strings = checker?.stringsOf(node);
  if (strings?.length === 1) return strings[0];
  return ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) ? node.getText() : undefined;
}

/** The name of the queue that a client was made for or is injected as. */
function queueName(queue: ts.Expression, tools: Tools): string | undefined {
  const { ts, meanings } = tools;
  const injected = injectedName(queue, tools);
  if (injected !== undefined) return injected;
  const meaning = meanings.of(queue);
  const creation = meaning?.kind === 'instance' ? meaning.creation : undefined;
  const name = creation && argumentsOf(creation)[0];
  return name && !ts.isSpreadElement(name) ? nameOfQueue(name, tools) : undefined;
}

/** `constructor(@InjectQueue('mail') private readonly queue: Queue)` */
function injectedName(queue: ts.Expression, tools: Tools): string | undefined {
  const { ts, meanings } = tools;
  const node = unwrap(ts, queue);
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  const owner = meanings.of(node.expression);
  const member = owner?.kind === 'object' ? meanings.memberNode(owner.node, node.name.text) : undefined;
  if (!member || !ts.canHaveDecorators(member)) return undefined;
  for (const { expression } of ts.getDecorators(member) ?? []) {
    if (!ts.isCallExpression(expression) || !/InjectQueue$/.test(expression.expression.getText())) continue;
    const name = expression.arguments[0];
    return name ? nameOfQueue(name, tools) : 'default';
  }
  return undefined;
}

/** `new Worker(name, processor)`, `queue.process(processor)` */
function workerOf(call: CallLike, tools: Tools): Omit<Processor, 'file'> | undefined {
  const { ts, meanings, reachable } = tools;
  const given = argumentsOf(call);
  if (ts.isNewExpression(call)) {
    const made = given.length > 1 ? meanings.of(call) : undefined;
    if (made?.kind !== 'instance' || made.module !== 'bullmq' || made.type !== 'Worker') return undefined;
    const node = reachable.functionsOf(given[1]!)[0];
    const queue = nameOfQueue(given[0]!, tools);
    return node && queue !== undefined ? { node, queue } : undefined;
  }
  const callee = calleeOf(call);
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'process') return undefined;
  const queue = meanings.of(callee.expression);
  if (queue?.kind !== 'instance' || queue.module !== 'bull') return undefined;
  const node = given.length > 0 ? reachable.functionsOf(given.at(-1)!)[0] : undefined;
  const name = queueName(callee.expression, tools);
  return node && name !== undefined ? { node, queue: name } : undefined;
}

/** `@Processor('mail') class … { process(job) }`, or methods with `@Process()` */
function processorsOf(owner: ts.ClassLikeDeclaration, tools: Tools): readonly Omit<Processor, 'file'>[] {
  const { ts } = tools;
  const decorator = (ts.getDecorators(owner as ts.ClassDeclaration) ?? []).find((decorator) =>
    isNest(decorator, 'Processor', tools),
  );
  if (!decorator || !ts.isCallExpression(decorator.expression)) return [];
  const name = decorator.expression.arguments[0];
  const option = name && ts.isObjectLiteralExpression(name) ? tools.readOption(name, 'name') : undefined;
  const given = option ? (option.state === 'present' ? option.value : undefined) : name;
  const queue = given ? nameOfQueue(given, tools) : 'default';
  if (queue === undefined) return [];
  return owner.members.flatMap((member) => {
    if (!ts.isMethodDeclaration(member) || !member.body) return [];
    const isProcess =
      member.name.getText() === 'process' ||
      (ts.getDecorators(member) ?? []).some((decorator) => isNest(decorator, 'Process', tools));
    return isProcess ? [{ node: member, queue }] : [];
  });
}

function isNest({ expression }: ts.Decorator, name: string, { ts, meanings }: Tools): boolean {
  const meaning = meanings.of(ts.isCallExpression(expression) ? expression.expression : expression);
  return meaning?.kind === 'export' && /^@nestjs\/bull(?:mq)?$/.test(meaning.module) && meaning.name === name;
}
