import type ts from 'typescript';
import type { CatalogueIndex } from '../catalogue/catalogue-index.js';
import type { CatalogueModule, CreateRow } from '../catalogue/catalogue.js';
import type { FileFacts } from '../facts/file-facts.js';
import type { TypeScript } from '../typescript.js';
import type { Meaning, Meanings } from './meaning.js';
import type { ReadOption } from './options.js';

/** Whether something sets a timeout: surely, surely not, or nobody can tell from here. */
export type TimeoutState = 'own' | 'none' | 'unknown';

type Creation = ts.CallExpression | ts.NewExpression;

/** Timeouts that a client was created with, or was given later. */
export interface Clients {
  timeout(client: Meaning | undefined, module: CatalogueModule, option: string): TimeoutState;
}

/** The clients of one package in a program: where they are made, and which were given defaults later. */
interface ClientFacts {
  readonly creations: ReadonlyMap<Creation, CreateRow>;
  readonly defaults: readonly { readonly client: Meaning; readonly option: string; readonly value: ts.Expression }[];
}

export function createClients(
  ts: TypeScript,
  catalogue: CatalogueIndex,
  meanings: Meanings,
  readOption: ReadOption,
  facts: (file: ts.SourceFile) => FileFacts,
  /** The files in which clients of a package may be made. */
  filesThatReach: (packageName: string) => Iterable<ts.SourceFile>,
): Clients {
  const known = new Map<string, ClientFacts>();

  function clientsOf(module: CatalogueModule): ClientFacts {
    let found = known.get(module.module);
    if (!found) known.set(module.module, (found = collect(module)));
    return found;
  }

  function collect(module: CatalogueModule): ClientFacts {
    const creations = new Map<Creation, CreateRow>();
    const defaults: { client: Meaning; option: string; value: ts.Expression }[] = [];
    for (const file of filesThatReach(module.module)) {
      for (const creation of facts(file).calls) {
        const row = createRow(creation, module.module);
        if (row) creations.set(creation, row);
      }
      for (const mention of module.defaults ? (facts(file).mentions.get(module.defaults) ?? []) : []) {
        const assignment = defaultOption(mention);
        const client = assignment && meanings.of(assignment.client);
        if (client && moduleOf(client) === module.module) {
          defaults.push({ client, option: assignment.option, value: assignment.value });
        }
      }
    }
    return { creations, defaults };
  }

  function createRow(creation: Creation, module: string): CreateRow | undefined {
    const declared = meanings.declared(meanings.of(creation.expression));
    const row = declared?.module === module ? catalogue.create(declared) : undefined;
    return (row?.constructs ?? false) === ts.isNewExpression(creation) ? row : undefined;
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

  function createdWith(creation: Creation, row: CreateRow, option: string): TimeoutState {
    if (row.options === undefined) return 'none';
    const given = creation.arguments?.[row.options];
    if (given && ts.isSpreadElement(given)) return 'unknown';
    const read = readOption(given, option);
    return read.state === 'present' ? timeoutState(ts, read.value) : read.state === 'unknown' ? 'unknown' : 'none';
  }

  return {
    timeout(client, module, option) {
      const { creations, defaults } = clientsOf(module);
      const creation = client?.kind === 'instance' ? client.creation : undefined;
      // What is set on the package itself is inherited by every instance made from it.
      const later = defaults.find(
        (set) => set.option === option && (isPackage(set.client) || isSame(set.client, creation)),
      );
      if (later) return timeoutState(ts, later.value);
      if (creation) {
        const row = creations.get(creation) ?? createRow(creation, module.module);
        return row ? createdWith(creation, row, option) : 'none';
      }
      if (client && isPackage(client)) return 'none';
      // A client handed in from elsewhere is one of those that the program makes.
      const states = new Set([...creations].map(([creation, row]) => createdWith(creation, row, option)));
      return states.size === 0 ? 'none' : states.size === 1 ? [...states][0]! : 'unknown';
    },
  };
}

/** `timeout: 0` waits for ever. */
export function timeoutState(ts: TypeScript, value: ts.Expression): TimeoutState {
  return ts.isNumericLiteral(value) && Number(value.text) === 0 ? 'none' : 'own';
}

function moduleOf(meaning: Meaning): string | undefined {
  return meaning.kind === 'other' ? undefined : meaning.module;
}

function isPackage(client: Meaning): boolean {
  return client.kind === 'module' || client.kind === 'export';
}

function isSame(client: Meaning, creation: Creation | undefined): boolean {
  return client.kind === 'instance' && creation !== undefined && client.creation === creation;
}
