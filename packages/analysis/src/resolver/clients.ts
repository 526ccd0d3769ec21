import type ts from 'typescript';
import type { CatalogueIndex } from '../catalogue/catalogue-index.js';
import type { CatalogueModule, MemberRow } from '../catalogue/catalogue.js';
import { argumentsOf, calleeOf, type CallLike, type FileFacts } from '../facts/file-facts.js';
import type { TypeScript } from '../typescript.js';
import type { Instance, Meaning, Meanings } from './meaning.js';
import type { Option, ReadOption } from './options.js';
import type { Target } from './targets.js';

/** The options that clients were created with, or were given later. */
export interface Clients {
  /** An option of the client that a call goes through; the first of several names that is set. */
  option(target: Target, names: readonly string[]): Option;
  /** Where that client is made, when that is in sight. */
  creationOf(target: Target): CallLike | undefined;
  /** Position of the options among the arguments of what makes a client. */
  optionsOf(creation: CallLike): ts.Expression | undefined;
  optionsPosition(creation: CallLike): number | undefined;
}

/** The clients of one package in a program: where they are made, and which were given defaults later. */
interface ClientFacts {
  readonly creations: ReadonlyMap<CallLike, string>;
  readonly defaults: readonly { readonly client: Meaning; readonly option: string; readonly value: ts.Expression }[];
}

const absent: Option = { state: 'absent' };

export function createClients(
  ts: TypeScript,
  catalogue: CatalogueIndex,
  meanings: Meanings,
  readOption: ReadOption,
  facts: (file: ts.SourceFile) => FileFacts,
  /** The files in which clients of a package may be made. */
  filesThatReach: (module: string) => Iterable<ts.SourceFile>,
): Clients {
  const known = new Map<string, ClientFacts>();
  const makers = new Map<CatalogueModule, ReadonlySet<string>>();

  function clientsOf(module: CatalogueModule): ClientFacts {
    let found = known.get(module.module);
    if (!found) known.set(module.module, (found = collect(module)));
    return found;
  }

  function collect(module: CatalogueModule): ClientFacts {
    const creations = new Map<CallLike, string>();
    const defaults: { client: Meaning; option: string; value: ts.Expression }[] = [];
    for (const file of filesThatReach(module.module)) {
      const imports = facts(file).specifiers.some(({ text }) => belongs(catalogue.moduleOf(text), module));
      for (const creation of facts(file).calls) {
        if (!mayMake(creation, module, imports)) continue;
        const made = meanings.of(creation);
        if (
          made?.kind === 'instance' &&
          made.creation === creation &&
          belongs(made.module, module) &&
          isClient(creation, made)
        ) {
          creations.set(creation, made.type);
        }
      }
      for (const mention of module.defaults ? (facts(file).mentions.get(module.defaults) ?? []) : []) {
        const assignment = defaultOption(mention);
        const client = assignment && meanings.of(assignment.client);
        if (client && 'module' in client && belongs(client.module, module)) {
          defaults.push({ client, option: assignment.option, value: assignment.value });
        }
      }
    }
    return { creations, defaults };
  }

  /** Whether the name that is called makes something in some row of the package: most calls need no look at all. */
  function mayMake(call: CallLike, module: CatalogueModule, imports: boolean): boolean {
    if (imports || !ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return true;
    return makersOf(module).has(call.expression.name.text);
  }

  function makersOf(module: CatalogueModule): ReadonlySet<string> {
    const known = makers.get(module);
    if (known) return known;
    const rows = Object.entries(module.exports ?? {});
    const types = Object.values(module.types ?? {});
    for (const { members = {}, statics = {} } of types)
      rows.push(...Object.entries(members), ...Object.entries(statics));
    const names = new Set(rows.filter(([, { makes }]) => makes !== undefined).map(([name]) => name));
    makers.set(module, names);
    return names;
  }

  /** Not everything that a package makes sends something. */
  function isClient(creation: CallLike, { module, type }: Instance): boolean {
    return ts.isNewExpression(creation)
      ? catalogue.trait(module, type, 'constructed') !== undefined
      : madeBy(creation)?.makes !== undefined;
  }

  function belongs(name: string | undefined, module: CatalogueModule): boolean {
    return name !== undefined && catalogue.module(name)?.module === module.module;
  }

  /** Reads `client.defaults.option = value`. */
  function defaultOption(
    mention: ts.Node,
  ): { readonly client: ts.Expression; readonly option: string; readonly value: ts.Expression } | undefined {
    const defaults = mention.parent;
    if (!ts.isPropertyAccessExpression(defaults) || defaults.name !== mention) return undefined;
    const option = defaults.parent;
    if (!ts.isPropertyAccessExpression(option) || option.expression !== defaults) return undefined;
    const assignment = option.parent;
    return ts.isBinaryExpression(assignment) &&
      assignment.left === option &&
      assignment.operatorToken.kind === ts.SyntaxKind.EqualsToken
      ? { client: defaults.expression, option: option.name.text, value: assignment.right }
      : undefined;
  }

  /** The row of the call that made a client. */
  function madeBy(creation: CallLike): MemberRow | undefined {
    if (ts.isNewExpression(creation)) return undefined;
    const callee = meanings.of(calleeOf(creation));
    if (callee?.kind === 'member') return callee.found?.row;
    if (callee?.kind === 'export') return catalogue.exported(callee.module, callee.name);
    if (callee?.kind === 'instance') return catalogue.trait(callee.module, callee.type, 'called');
    return callee?.kind === 'module' ? catalogue.exported(callee.module, 'default') : undefined;
  }

  function positions(creation: CallLike): readonly number[] {
    const made = meanings.of(creation);
    if (made?.kind !== 'instance') return [];
    const options = ts.isNewExpression(creation)
      ? catalogue.trait(made.module, made.type, 'constructed')?.options
      : madeBy(creation)?.options;
    return options === undefined ? [] : typeof options === 'number' ? [options] : options;
  }

  function createdWith(creation: CallLike, names: readonly string[]): Option {
    const given = argumentsOf(creation);
    let result: Option = absent;
    for (const position of positions(creation)) {
      const argument = given[position];
      if (argument && ts.isSpreadElement(argument)) return { state: 'unknown' };
      for (const name of names) {
        const option = inConnectionString(argument, name) ?? readOption(argument, name);
        if (option.state === 'present') return option;
        if (option.state === 'unknown') result = option;
      }
    }
    return result;
  }

  /** `postgres://…?statement_timeout=5000` */
  function inConnectionString(argument: ts.Expression | undefined, name: string): Option | undefined {
    if (!argument || !ts.isStringLiteralLike(argument)) return undefined;
    return argument.text.includes(`${name.slice(name.lastIndexOf('.') + 1)}=`)
      ? { state: 'present', value: argument }
      : absent;
  }

  /** The client itself, behind the resources and builders that it hands out. */
  function clientOf(owner: Meaning | undefined): Meaning | undefined {
    return owner?.kind === 'member' ? clientOf(owner.owner) : owner;
  }

  function creationOf({ module, owner }: Target): CallLike | undefined {
    const client = clientOf(owner);
    if (client?.kind === 'instance' && client.creation) return client.creation;
    const row = catalogue.module(module);
    if (!row || !client || isPackage(client)) return undefined;
    // A client handed in from elsewhere is the one that the program makes, if it makes just one.
    const { creations } = clientsOf(row);
    return creations.size === 1 ? [...creations.keys()][0] : undefined;
  }

  return {
    option(target, names) {
      const module = catalogue.module(target.module);
      if (!module || names.length === 0) return absent;
      const client = clientOf(target.owner);
      const { creations, defaults } = clientsOf(module);
      const creation = client?.kind === 'instance' ? client.creation : undefined;
      // What is set on the package itself is inherited by every instance made from it.
      const later = defaults.find(
        (set) => names.includes(set.option) && (isPackage(set.client) || isSame(set.client, creation)),
      );
      if (later) return { state: 'present', value: later.value };
      if (creation) return createdWith(creation, names);
      if (!client || isPackage(client)) return absent;
      const options = [...creations.keys()].map((made) => createdWith(made, names));
      const first = options[0];
      if (!first) return absent;
      return options.every(({ state }) => state === first.state) ? first : { state: 'unknown' };
    },
    creationOf,
    optionsOf(creation) {
      const position = positions(creation)[0];
      return position === undefined ? undefined : argumentsOf(creation)[position];
    },
    optionsPosition: (creation) => positions(creation)[0],
  };
}

function isPackage(client: Meaning): boolean {
  return client.kind === 'module' || client.kind === 'export' || (client.kind === 'instance' && !!client.isShared);
}

function isSame(client: Meaning, creation: CallLike | undefined): boolean {
  return client.kind === 'instance' && creation !== undefined && client.creation === creation;
}
