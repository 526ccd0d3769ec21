import type { Catalogue, CatalogueModule, ClientRow, GuardRow, MemberRow, TypeRow } from './catalogue.js';

/** A row together with the type that has it. */
export interface Found {
  readonly row: MemberRow;
  /** Type of the catalogue that names the member, on the way up from the type asked about. */
  readonly type: string;
  /** Whether the member is named, or falls under `others`. */
  readonly isNamed: boolean;
}

/** The catalogue, ready for look-up. Names come from people's code: only own properties count. */
export interface CatalogueIndex {
  /** The catalogued module behind an import specifier: the very subpath, or the package it belongs to. */
  moduleOf(specifier: string): string | undefined;
  module(name: string): CatalogueModule | undefined;
  /** Names of all modules. */
  readonly names: readonly string[];
  exported(module: string, name: string): MemberRow | undefined;
  type(module: string, name: string): TypeRow | undefined;
  member(module: string, type: string, name: string): Found | undefined;
  staticMember(module: string, type: string, name: string): Found | undefined;
  /** The row of the instance itself being called, made or built up, on its own type or on one it extends. */
  trait<Key extends 'called' | 'constructed' | 'lazy'>(
    module: string,
    type: string,
    key: Key,
  ): NonNullable<TypeRow[Key]> | undefined;
  client(module: string, type: string | undefined): ClientRow | undefined;
  guard(module: string, exported: string, member?: string): GuardRow | undefined;
  isAmbientSignal(module: string, name: string): boolean;
  /** The module whose generator writes exports of this name. */
  generatedBy(name: string): string | undefined;
  readonly generatedNames: readonly string[];
  /** Modules with a member of this name that leaves the process or guards. */
  modulesWith(member: string): ReadonlySet<string>;
  /** Modules with a type any member of which leaves the process. */
  readonly wildcardModules: ReadonlySet<string>;
  readonly guardModules: ReadonlySet<string>;
}

const indexes = new WeakMap<Catalogue, CatalogueIndex>();

export function indexCatalogue(catalogue: Catalogue): CatalogueIndex {
  let index = indexes.get(catalogue);
  if (!index) indexes.set(catalogue, (index = makeIndex(catalogue)));
  return index;
}

function makeIndex(catalogue: Catalogue): CatalogueIndex {
  const modules = new Map<string, CatalogueModule>();
  for (const module of catalogue) {
    for (const name of [module.module, ...(module.also ?? [])]) {
      const known = modules.get(name);
      modules.set(name, known ? merged(known, module) : module);
    }
  }
  const byMember = new Map<string, Set<string>>();
  const wildcards = new Set<string>();
  const guardModules = new Set<string>();
  const generated = new Map<string, string>();
  for (const [name, { types = {}, guards = [], generated: names = [] }] of modules) {
    for (const exported of names) generated.set(exported, name);
    const note = (member: string): void => void (byMember.get(member) ?? set(byMember, member)).add(name);
    for (const type of Object.values(types)) {
      for (const rows of [type.members ?? {}, type.statics ?? {}]) {
        for (const [member, row] of Object.entries(rows)) if (sends(row)) note(member);
      }
      if (type.others ?? type.otherStatics ?? type.lazy) wildcards.add(name);
    }
    for (const { member } of guards) if (member !== undefined) note(member);
    if (guards.length > 0) guardModules.add(name);
  }

  function* lineage(module: string, type: string): Iterable<readonly [string, TypeRow]> {
    const types = modules.get(module)?.types ?? {};
    const seen = new Set<string>();
    for (let name: string | undefined = type; name !== undefined && !seen.has(name);) {
      seen.add(name);
      const row: TypeRow | undefined = own(types, name);
      if (!row) return;
      yield [name, row];
      name = row.extends;
    }
  }

  function find(
    module: string,
    type: string,
    name: string,
    named: 'members' | 'statics',
    rest: 'others' | 'otherStatics',
  ) {
    for (const [owner, row] of lineage(module, type)) {
      const found = own(row[named] ?? {}, name);
      if (found) return { row: found, type: owner, isNamed: true };
    }
    for (const [owner, row] of lineage(module, type)) {
      if (row[rest]) return { row: row[rest], type: owner, isNamed: false };
    }
    return undefined;
  }

  const index: CatalogueIndex = {
    moduleOf(specifier) {
      if (specifier === 'global') return undefined;
      if (modules.has(specifier)) return specifier;
      if (specifier.startsWith('.')) return undefined;
      const name = packageName(specifier);
      return modules.has(name) ? name : undefined;
    },
    module: (name) => modules.get(name),
    names: [...modules.keys()],
    exported: (module, name) => own(modules.get(module)?.exports ?? {}, name),
    type: (module, name) => own(modules.get(module)?.types ?? {}, name),
    member: (module, type, name) => find(module, type, name, 'members', 'others'),
    staticMember: (module, type, name) => find(module, type, name, 'statics', 'otherStatics'),
    trait(module, type, key) {
      for (const [, row] of lineage(module, type)) if (row[key]) return row[key];
      return undefined;
    },
    client(module, type) {
      for (const [, row] of type === undefined ? [] : lineage(module, type)) if (row.client) return row.client;
      return modules.get(module)?.client;
    },
    guard: (module, exported, member) =>
      modules
        .get(module)
        ?.guards?.find((row) => (row.export === exported || row.export === '*') && row.member === member),
    isAmbientSignal: (module, name) => modules.get(module)?.ambientSignals?.includes(name) ?? false,
    generatedBy: (name) => generated.get(name),
    generatedNames: [...generated.keys()],
    modulesWith: (member) => byMember.get(member) ?? none,
    wildcardModules: wildcards,
    guardModules,
  };
  return index;
}

const none: ReadonlySet<string> = new Set();

/** `a/b` belongs to `a`, `@a/b/c` to `@a/b`. */
export function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
}

/** Rows of a user's configuration are added to what is known, name by name. */
function merged(known: CatalogueModule, added: CatalogueModule): CatalogueModule {
  const types = { ...known.types };
  for (const [name, row] of Object.entries(added.types ?? {})) {
    const old = own(types, name);
    types[name] = old
      ? {
          ...old,
          ...row,
          members: { ...old.members, ...row.members },
          ...(old.statics && row.statics ? { statics: { ...old.statics, ...row.statics } } : {}),
        }
      : row;
  }
  return {
    ...known,
    ...added,
    client: { ...known.client, ...added.client },
    exports: { ...known.exports, ...added.exports },
    types,
    guards: [...(added.guards ?? []), ...(known.guards ?? [])],
    ambientSignals: [...(known.ambientSignals ?? []), ...(added.ambientSignals ?? [])],
  };
}

function sends(row: MemberRow): boolean {
  return (
    row.effect !== undefined || row.transaction !== undefined || row.returns !== undefined || row.makes !== undefined
  );
}

function set(map: Map<string, Set<string>>, key: string): Set<string> {
  const values = new Set<string>();
  map.set(key, values);
  return values;
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
