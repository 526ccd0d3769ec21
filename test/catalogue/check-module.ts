import type ts from 'typescript';
import type {
  Catalogue,
  CatalogueModule,
  ClientRow,
  GuardRow,
  MemberRow,
  TypeRow,
} from '../../packages/analysis/src/catalogue/catalogue.js';
import { otherVersionsOf, readPackageTypes, subpathsOf, type PackageTypes, type Verdict } from './package-types.js';

/** A field of a row that the real types contradict, or that they cannot confirm. */
export interface Problem {
  /** Module, type, member and field: `pg Pool.query timeout query_timeout`. */
  readonly place: string;
  readonly fact: string;
  readonly isUnverifiable: boolean;
}

/** Compares the rows of a module with the types of the package itself. */
export function checkModule(module: CatalogueModule, catalogue: Catalogue): Problem[] {
  const own = [module.module, ...(module.also ?? [])];
  const names = [...own, ...own.flatMap(otherVersionsOf)];
  const problems = checkNames(module, catalogue, names);
  // A row may be about a subpath of the package: only what its main entry contradicts is worth reading them all.
  const subpaths = problems.some(({ isUnverifiable }) => !isUnverifiable) ? names.flatMap(subpathsOf) : [];
  return subpaths.length > 0 ? checkNames(module, catalogue, names, subpaths) : problems;
}

function checkNames(
  module: CatalogueModule,
  catalogue: Catalogue,
  names: readonly string[],
  subpaths: readonly string[] = [],
): Problem[] {
  const types = readPackageTypes(names, subpaths);
  const problems: Problem[] = [];
  const report = (place: string, fact: string, isUnverifiable = false): void =>
    void problems.push({ place: `${module.module} ${place}`, fact, isUnverifiable });
  const judge = (verdict: Verdict, place: string, fact: string): void => {
    if (verdict !== 'yes') report(place, fact, verdict === 'unknown');
  };
  const rows = createRowCheck(types, judge);
  /** Members without rows of their own, by the row about them all: one that has its options is enough. */
  const others = new Map<MemberRow, { place: string; signatures: ts.Signature[] }>();

  for (const name of types.missing) report(`name ${name}`, 'is not installed: add it to test/catalogue/package.json');
  for (const name of types.untyped) report(`name ${name}`, 'has no types', true);
  if (names.every((name) => types.missing.includes(name) || types.untyped.includes(name))) return problems;
  for (const [name, row] of Object.entries(module.exports ?? {})) {
    const values = types.valueTypes(types.exported(name));
    if (values.length > 0)
      rows.member(name, values, row.is !== undefined && wholeModules(row.is).length > 0 ? {} : row);
    else report(name, types.exported(name).length > 0 ? 'is exported as a type alone' : 'is not exported');
  }
  for (const [name, row] of Object.entries(module.types ?? {})) checkType(name, row);
  for (const [row, { place, signatures }] of others) rows.options(place, signatures, row);
  checkClient('client', module.client, Object.keys(module.types ?? {}));
  if (module.defaults !== undefined) {
    const all = Object.keys(module.types ?? {}).flatMap((name) => types.instanceTypes(symbolsOf(name)));
    if (!types.member(all, module.defaults)) report(`defaults ${module.defaults}`, 'is a member of no type');
  }
  for (const guard of module.guards ?? []) checkGuard(guard);
  for (const name of module.ambientSignals ?? []) {
    if (types.exported(name).length === 0) report(`ambientSignals ${name}`, 'is not exported');
  }
  return problems;

  function symbolsOf(name: string): readonly ts.Symbol[] {
    const symbols = new Set([...types.exported(name), ...types.declared(name), ...wholeModules(name)]);
    return [...symbols];
  }

  /** A row names the type of a whole module, or of a namespace, as it likes: nothing is declared under that name. */
  function wholeModules(name: string): readonly ts.Symbol[] {
    const exported = Object.entries(module.exports ?? {}).filter(([, { is }]) => is === name);
    const symbols = exported.flatMap(([exportedName]) => types.exported(exportedName));
    return types.declared(name).length === 0 && types.isWholeModule(symbols) ? symbols : [];
  }

  function checkType(name: string, row: TypeRow): void {
    const own = symbolsOf(name);
    const symbols = own.length > 0 ? own : types.declaredElsewhere(name).flatMap(({ symbols }) => symbols);
    if (symbols.length === 0) return report(name, 'is not declared');
    checkDeclaration(name);
    const instances = [...types.instanceTypes(symbols), ...exportedInstances(name)];
    for (const [member, memberRow] of Object.entries(row.members ?? {})) {
      const found = types.member(instances, member);
      const place = `${name}.${member}`;
      if (!found) judge(types.saysNothing(instances) ? 'unknown' : 'no', place, 'is no member');
      else if (!types.isReachable(instances, member)) report(place, 'is private');
      else rows.member(place, found, memberRow, instances);
    }
    const values = types.valueTypes(symbols);
    for (const [member, memberRow] of Object.entries(row.statics ?? {})) {
      const found = types.member(values, member);
      const place = `typeof ${name}.${member}`;
      if (found) rows.member(place, found, memberRow, values);
      else judge(types.saysNothing(values) ? 'unknown' : 'no', place, 'is no static member');
    }
    if (row.others) {
      const known = others.get(row.others) ?? { place: `${name} others`, signatures: [] };
      known.signatures.push(...types.signatures(types.otherMembers(instances, row.members), 'call'));
      others.set(row.others, known);
    }
    if (row.called) rows.member(`${name} called`, instances, row.called, instances);
    if (row.lazy && !types.member(instances, 'then')) report(`${name} lazy`, 'cannot be awaited: it has no `then`');
    if (row.constructed) {
      const signatures = types.signatures([...values, ...instances], 'construct');
      const isVague = types.saysNothing(values.length > 0 ? values : instances);
      if (signatures.length === 0)
        judge(isVague ? 'unknown' : 'no', `${name} constructed`, 'has no public constructor');
      else rows.positions(`${name} constructed`, signatures, row.constructed.options);
    }
    if (row.extends !== undefined) checkBase(name, row.extends, instances);
    if (row.client) checkClient(`${name} client`, row.client, heirsOf(name));
  }

  /** What is exported as a value of the type: its type parameters are known. */
  function exportedInstances(name: string): readonly ts.Type[] {
    const exported = Object.entries(module.exports ?? {}).filter(([, { is }]) => is === name);
    return exported.flatMap(([exportedName]) => types.valueTypes(types.exported(exportedName)));
  }

  /** A value whose type nobody wrote down is known by the name and the package of the declaration of its type. */
  function checkDeclaration(name: string): void {
    if (types.declared(name).length > 0 || name === 'default' || wholeModules(name).length > 0) return;
    const places = [
      ...types.exported(name).flatMap((symbol) => types.declaredAs(symbol)),
      ...types.declaredElsewhere(name).map(({ module }) => ({ module, name })),
    ];
    const isKnown = places.some((place) =>
      catalogue.some(
        (other) =>
          [other.module, ...(other.also ?? [])].includes(place.module) && Object.hasOwn(other.types ?? {}, place.name),
      ),
    );
    const found = [...new Set(places.map((place) => `${place.name} of ${place.module}`))].join(', ');
    if (!isKnown) report(`${name} declaration`, `is declared as ${found}, which has no row`);
  }

  function checkBase(name: string, base: string, instances: readonly ts.Type[]): void {
    const baseRow = module.types?.[base];
    if (!baseRow) return report(`${name} extends ${base}`, 'has no row');
    const members = Object.keys(baseRow.members ?? {});
    const made = types.signatures(instances, 'construct').map((signature) => signature.getReturnType());
    const found = members.some((member) => types.member([...instances, ...made], member));
    if (members.length > 0 && !found) {
      judge(types.saysNothing(instances) ? 'unknown' : 'no', `${name} extends ${base}`, 'has none of its members');
    }
  }

  /** The type and those that extend it. */
  function heirsOf(name: string): string[] {
    const isHeir = (heir: string | undefined): boolean =>
      heir !== undefined && (heir === name || isHeir(module.types?.[heir]?.extends));
    return Object.keys(module.types ?? {}).filter((heir) => isHeir(heir));
  }

  /** Options of the clients of these types, wherever they are made. */
  function checkClient(place: string, client: ClientRow | undefined, made: readonly string[]): void {
    const paths = (['timeout', 'retries', 'retryMethods'] as const).flatMap((field) =>
      [client?.[field] ?? []].flat().map((path) => ({ place: `${place} ${field} ${path}`, path })),
    );
    if (paths.length === 0) return;
    const own = made.flatMap(optionsOfClients);
    // What another client hands out keeps the options of that client.
    const given = own.length > 0 ? own : Object.keys(module.types ?? {}).flatMap(optionsOfClients);
    for (const { place, path } of paths) {
      if (given.length === 0) report(place, 'nothing makes such a client with options');
      else judge(types.hasOption(given, path), place, `is no option of ${types.text(given)}`);
    }
  }

  function optionsOfClients(name: string): readonly ts.Type[] {
    const given: ts.Type[] = [];
    const add = (values: readonly ts.Type[], options: MemberRow['options']): void => {
      const signatures = [...types.signatures(values, 'call'), ...types.signatures(values, 'construct')];
      for (const position of positionsOf(options)) given.push(...types.parameter(signatures, position));
    };
    const addMade = (values: readonly ts.Type[] | undefined, row: MemberRow): void => {
      if (values && row.makes === name) add(values, row.options);
    };
    for (const [exported, row] of Object.entries(module.exports ?? {})) {
      addMade(types.valueTypes(types.exported(exported)), row);
    }
    for (const [owner, row] of Object.entries(module.types ?? {})) {
      const symbols = symbolsOf(owner);
      const instances = types.instanceTypes(symbols);
      const values = types.valueTypes(symbols);
      for (const [member, memberRow] of Object.entries(row.members ?? {})) {
        addMade(types.member(instances, member), memberRow);
      }
      for (const [member, memberRow] of Object.entries(row.statics ?? {})) {
        addMade(types.member(values, member), memberRow);
      }
      if (row.called) addMade(instances, row.called);
      if (owner === name && row.constructed) add([...values, ...instances], row.constructed.options);
    }
    return given;
  }

  function checkGuard(row: GuardRow): void {
    const place = `guard ${row.export}${row.member === undefined ? '' : `.${row.member}`}`;
    const symbols = row.export === '*' ? types.everyExport() : types.exported(row.export);
    if (symbols.length === 0) return report(place, 'is not exported');
    const values = types.valueTypes(symbols);
    // The types that `*` stands for are exported, or made by something exported.
    const owners =
      row.export === '*' || row.member !== undefined
        ? [
            ...types.instanceTypes(symbols),
            ...values,
            ...types.signatures(values, 'call').map((signature) => signature.getReturnType()),
          ]
        : values;
    const guards = row.member === undefined || row.member === 'called' ? owners : types.member(owners, row.member);
    if (!guards) return report(place, 'is no member');
    const signatures = [...types.signatures(guards, 'call'), ...types.signatures(guards, 'construct')];
    if (signatures.length === 0) {
      return judge(types.saysNothing(guards) ? 'unknown' : 'no', place, `is not callable: ${types.text(guards)}`);
    }
    if (row.operation !== undefined) rows.positions(`${place} operation`, signatures, row.operation);
    if (row.options === undefined) return;
    rows.positions(place, signatures, row.options);
    const given = types.parameter(signatures, row.options);
    for (const field of ['attempts', 'endless', 'maxElapsed', 'condition', 'duration'] as const) {
      const name = row[field];
      if (typeof name === 'string') {
        judge(types.hasOption(given, name), `${place} ${field} ${name}`, `is no option of ${types.text(given)}`);
      }
    }
  }
}

interface RowCheck {
  member(place: string, values: readonly ts.Type[], row: MemberRow, owners?: readonly ts.Type[]): void;
  positions(place: string, signatures: readonly ts.Signature[], options: MemberRow['options']): void;
  options(place: string, signatures: readonly ts.Signature[], row: MemberRow): void;
}

function createRowCheck(types: PackageTypes, judge: (verdict: Verdict, place: string, fact: string) => void): RowCheck {
  return { member, positions, options };

  function member(place: string, values: readonly ts.Type[], row: MemberRow, owners: readonly ts.Type[] = []): void {
    const { is, ...callFields } = row;
    if (is !== undefined) named(`${place} is ${is}`, values, is, owners);
    if (Object.keys(callFields).length === 0) return;
    const signatures = [...types.signatures(values, 'call')];
    if (row.makes !== undefined) signatures.push(...types.signatures(values, 'construct'));
    if (signatures.length === 0) {
      judge(types.saysNothing(values) ? 'unknown' : 'no', place, `is not callable: ${types.text(values)}`);
      return;
    }
    const results = signatures.map((signature) => signature.getReturnType());
    for (const field of ['returns', 'makes'] as const) {
      const name = row[field];
      if (name === undefined || types.writtenResults(signatures).has(name)) continue;
      named(`${place} ${field} ${name}`, results, name, owners);
    }
    positions(place, signatures, row.options);
    effect(place, signatures, row);
    options(place, signatures, row);
    callback(place, signatures, row);
  }

  function named(place: string, found: readonly ts.Type[], name: string, owners: readonly ts.Type[]): void {
    const names = types.names(found);
    if (names.has(name)) return;
    if (name === 'this' && [...types.names(owners)].some((owner) => names.has(owner))) return;
    judge(types.saysNothing(found) ? 'unknown' : 'no', place, `it is ${types.text(found)}`);
  }

  function positions(place: string, signatures: readonly ts.Signature[], given: MemberRow['options']): void {
    for (const position of positionsOf(given)) parameter(`${place} options ${position}`, signatures, position);
  }

  function parameter(place: string, signatures: readonly ts.Signature[], position: number): void {
    if (types.parameter(signatures, position).length === 0)
      judge('no', place, 'there is no parameter at this position');
  }

  function effect(place: string, signatures: readonly ts.Signature[], { effect: source }: MemberRow): void {
    if (typeof source !== 'object') return;
    if ('methodArgument' in source) parameter(`${place} methodArgument`, signatures, source.methodArgument);
    if ('sql' in source) parameter(`${place} sql`, signatures, source.sql);
    if ('command' in source) parameter(`${place} command`, signatures, source.command);
  }

  function options(place: string, signatures: readonly ts.Signature[], row: MemberRow): void {
    const given = positionsOf(row.options).flatMap((position) => types.parameter(signatures, position));
    const method = typeof row.effect === 'object' && 'methodOption' in row.effect ? row.effect.methodOption : undefined;
    const paths: readonly (readonly [string, string])[] = [
      ...(row.timeout ?? []).map((path) => ['timeout', path] as const),
      ...(row.retries ?? []).map((path) => ['retries', path] as const),
      ...(row.signal === undefined ? [] : [['signal', row.signal] as const]),
      ...(row.keyOption === undefined ? [] : [['keyOption', row.keyOption] as const]),
      ...(method === undefined ? [] : [['methodOption', method] as const]),
    ];
    for (const [field, path] of paths) {
      judge(types.hasOption(given, path), `${place} ${field} ${path}`, `is no option of ${types.text(given)}`);
    }
    if (row.timeoutArgument !== undefined) {
      const duration = types.parameter(signatures, row.timeoutArgument);
      judge(types.takesNumber(duration), `${place} timeoutArgument`, `takes no number: ${types.text(duration)}`);
    }
    const everything = types.parameters(signatures);
    for (const name of row.key ?? []) {
      judge(
        types.hasDeepOption(everything, name),
        `${place} key ${name}`,
        `is in no argument: ${types.text(everything)}`,
      );
    }
    if (row.jobAttempts !== undefined) {
      const fact = `is in no argument: ${types.text(everything)}`;
      judge(types.hasDeepOption(everything, row.jobAttempts), `${place} jobAttempts ${row.jobAttempts}`, fact);
    }
    if (row.carrier !== undefined) {
      named(`${place} carrier ${row.carrier}`, types.parameter(signatures, 0), row.carrier, []);
    }
  }

  function callback(place: string, signatures: readonly ts.Signature[], row: MemberRow): void {
    if (!row.callback) return;
    const callbacks = types.parameter(signatures, row.callback.argument);
    const calls = types.signatures(callbacks, 'call');
    if (calls.length === 0) {
      const verdict = types.saysNothing(callbacks) ? 'unknown' : 'no';
      judge(verdict, `${place} callback`, `is not callable: ${types.text(callbacks)}`);
      return;
    }
    row.callback.parameters?.forEach((name, position) => {
      named(`${place} callback parameter ${position} ${name}`, types.parameter(calls, position), name, []);
    });
  }
}

function positionsOf(options: MemberRow['options']): readonly number[] {
  return options === undefined ? [] : typeof options === 'number' ? [options] : options;
}
