import type { CallRow, Catalogue, CatalogueModule, CreateRow, GuardRow } from './catalogue.js';

/** A catalogued thing named by the place that declares it. */
export interface Declared {
  readonly module: string;
  readonly export: string;
  readonly member?: string | undefined;
}

export interface CallTarget {
  readonly module: CatalogueModule;
  readonly row: CallRow;
}

/** The catalogue, ready for look-up. */
export interface CatalogueIndex {
  /** Packages with a row, without the globals. */
  readonly packages: ReadonlySet<string>;
  /** Members that may leave the process, with the packages that declare them. */
  readonly memberPackages: ReadonlyMap<string, readonly string[]>;
  /** `@holdfast/runtime/context` belongs to `@holdfast/runtime`. */
  packageOf(specifier: string): string | undefined;
  valueType(module: string, exported: string): string | undefined;
  call(declared: Declared): CallTarget | undefined;
  create(declared: Declared): CreateRow | undefined;
  guard(declared: Declared): GuardRow | undefined;
  isAmbientSignal(declared: Declared): boolean;
}

export function indexCatalogue(catalogue: Catalogue): CatalogueIndex {
  const modules = new Map(catalogue.map((module) => [module.module, module]));
  const packages = new Set([...modules.keys()].filter((name) => name !== 'global'));
  const memberPackages = new Map<string, string[]>();
  for (const { module, calls, guards } of catalogue) {
    for (const { member } of [...(calls ?? []), ...(guards ?? [])]) {
      if (member !== undefined) memberPackages.set(member, [...(memberPackages.get(member) ?? []), module]);
    }
  }

  /** The row of a declared thing, on its own type or on one it extends. */
  function find<Row extends { readonly export: string; readonly member?: string }>(
    rows: readonly Row[] | undefined,
    declared: Declared,
  ): Row | undefined {
    const supertypes = modules.get(declared.module)?.supertypes ?? {};
    for (let type: string | undefined = declared.export; type !== undefined; type = own(supertypes, type)) {
      const row = rows?.find((row) => (row.export === type || row.export === '*') && row.member === declared.member);
      if (row) return row;
    }
    return undefined;
  }

  return {
    packages,
    memberPackages,
    packageOf(specifier) {
      const parts = specifier.split('/');
      const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
      return packages.has(name) ? name : undefined;
    },
    valueType: (module, exported) => own(modules.get(module)?.values ?? {}, exported),
    call(declared) {
      const module = modules.get(declared.module);
      const row = find(module?.calls, declared);
      return module && row && { module, row };
    },
    create: (declared) => find(modules.get(declared.module)?.creates, declared),
    guard: (declared) => find(modules.get(declared.module)?.guards, declared),
    isAmbientSignal: (declared) =>
      declared.member === undefined &&
      (modules.get(declared.module)?.ambientSignals?.includes(declared.export) ?? false),
  };
}

/** Names come from people's code: `constructor` must not find what every object inherits. */
function own(record: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
