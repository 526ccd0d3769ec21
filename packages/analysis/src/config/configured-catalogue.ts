import { indexCatalogue, type CatalogueIndex } from '../catalogue/catalogue-index.js';
import type { Catalogue, CatalogueModule, ClientRow, MemberRow, TypeRow } from '../catalogue/catalogue.js';
import type { Assumption, Config } from './config.js';

/** The same catalogue and configuration give the same rows: analyses are kept by them. */
const known = new WeakMap<Config, WeakMap<Catalogue, Catalogue>>();

/** The catalogue as a project sees it: its own rows after ours, and an assumption as one more row after those. */
export function configuredCatalogue(catalogue: Catalogue, config: Config | undefined): Catalogue {
  if (!config) return catalogue;
  const made = known.get(config) ?? new WeakMap<Catalogue, Catalogue>();
  known.set(config, made);
  let configured = made.get(catalogue);
  if (!configured) made.set(catalogue, (configured = configure(catalogue, config)));
  return configured;
}

function configure(catalogue: Catalogue, { catalogue: rows = [], assume = [] }: Config): Catalogue {
  let configured: Catalogue = [...catalogue, ...rows.map((row) => underAllNames(row, catalogue))];
  for (const assumption of assume) {
    configured = [...configured, assumedRow(assumption, indexCatalogue(configured))];
  }
  return configured;
}

/** What is said of a package holds under each name that it is known by: `redis` declares its types as `@redis/client`. */
function underAllNames(row: CatalogueModule, catalogue: Catalogue): CatalogueModule {
  const same = catalogue.find(({ module, also = [] }) => module === row.module || also.includes(row.module));
  if (!same) return row;
  const also = [...new Set([...(same.also ?? []), ...(row.also ?? [])])].filter((name) => name !== same.module);
  return { ...row, module: same.module, ...(also.length > 0 ? { also } : {}) };
}

/** A row that says what an assumption says, to be laid over those of its package. */
function assumedRow(assumption: Assumption, catalogue: CatalogueIndex): CatalogueModule {
  const module = catalogue.module(assumption.module);
  const row = {
    module: module?.module ?? assumption.module,
    ...(module?.also ? { also: module.also } : {}),
    // Without rows, the code of the package goes on saying what leaves the process.
    ...(module ? {} : { unnamed: assumedMember({ effect: { verb: 'member' } }, assumption) }),
  };
  const { type, member } = assumption;
  if (member !== undefined) return { ...row, ...memberRows(assumption, member, module, catalogue) };
  if (type !== undefined) {
    const known = withInherited(row.module, type, catalogue) ?? unknownType(assumption);
    return { ...row, types: { [type]: assumedType(known, assumption, catalogue.client(row.module, type)) } };
  }
  return {
    ...row,
    client: assumedClient(module?.client, assumption),
    ...(module?.exports ? { exports: mapped(module.exports, (one) => assumedMember(one, assumption)) } : {}),
    ...(module?.types ? { types: mapped(module.types, (one) => assumedType(one, assumption, one.client)) } : {}),
    ...(module?.unnamed ? { unnamed: assumedMember(module.unnamed, assumption) } : {}),
  };
}

/** The rows of one member: of the type that is named, else wherever the package has a member or export of that name. */
function memberRows(
  assumption: Assumption,
  member: string,
  module: CatalogueModule | undefined,
  catalogue: CatalogueIndex,
): Pick<CatalogueModule, 'exports' | 'types'> {
  const { effect, type } = assumption;
  const named = (row: MemberRow | undefined): Record<string, MemberRow> => {
    // Whoever assumes something of a call says that it leaves the process.
    const sent: MemberRow = { ...row, effect: row?.effect ?? effect ?? { verb: 'member' } };
    return { [member]: withTimeout({ ...sent, ...(effect ? { effect } : {}) }, assumption) };
  };
  if (type !== undefined) {
    const ofInstance = catalogue.member(assumption.module, type, member);
    const ofClass = catalogue.staticMember(assumption.module, type, member);
    const isStatic = ofClass?.isNamed && !ofInstance?.isNamed;
    const rows = named((isStatic ? ofClass : ofInstance)?.row);
    return { types: { [type]: isStatic ? { statics: rows } : { members: rows } } };
  }
  const types = Object.entries(module?.types ?? {}).flatMap(([name, row]): [string, TypeRow][] => {
    const isMember = row.members !== undefined && Object.hasOwn(row.members, member);
    const isStatic = row.statics !== undefined && Object.hasOwn(row.statics, member);
    if (!isMember && !isStatic && !row.others) return [];
    const members = isMember || !isStatic ? { members: named(row.members?.[member] ?? row.others) } : {};
    return [[name, { ...members, ...(isStatic ? { statics: named(row.statics[member]) } : {}) }]];
  });
  const exported = module?.exports && Object.hasOwn(module.exports, member) ? module.exports[member] : undefined;
  const isExported = exported !== undefined || types.length === 0;
  return { types: Object.fromEntries(types), ...(isExported ? { exports: named(exported) } : {}) };
}

function assumedType(row: TypeRow, assumption: Assumption, client: ClientRow | undefined): TypeRow {
  const of = (one: MemberRow): MemberRow => assumedMember(one, assumption);
  const isOfType = assumption.type !== undefined;
  return {
    ...row,
    ...(isOfType || client ? { client: assumedClient(client, assumption) } : {}),
    ...(row.members ? { members: mapped(row.members, of) } : {}),
    ...(row.statics ? { statics: mapped(row.statics, of) } : {}),
    ...(row.others ? { others: of(row.others) } : {}),
    ...(row.otherStatics ? { otherStatics: of(row.otherStatics) } : {}),
    ...(row.called ? { called: of(row.called) } : {}),
    ...(row.lazy ? { lazy: of(row.lazy) } : {}),
  };
}

/** A type with the rows of those that it extends: an assumption about it is none about them. */
function withInherited(
  module: string,
  name: string,
  catalogue: CatalogueIndex,
  below: readonly string[] = [],
): TypeRow | undefined {
  const row = catalogue.type(module, name);
  if (row?.extends === undefined || below.includes(name)) return row;
  const base = withInherited(module, row.extends, catalogue, [...below, name]);
  return {
    ...base,
    ...row,
    members: { ...base?.members, ...row.members },
    statics: { ...base?.statics, ...row.statics },
  };
}

function unknownType({ effect }: Assumption): TypeRow {
  return effect === undefined ? {} : { others: { effect } };
}

/** Only what leaves the process does something there. */
function assumedMember(row: MemberRow, { effect }: Assumption): MemberRow {
  return effect !== undefined && row.effect !== undefined ? { ...row, effect } : row;
}

function withTimeout(row: MemberRow, { timeout }: Assumption): MemberRow {
  return timeout ? { ...row, limits: true } : row;
}

function assumedClient(row: ClientRow | undefined, { timeout, retries }: Assumption): ClientRow {
  const own = retries === undefined ? undefined : { effects: 'all' as const, ...row?.ownRetries, count: retries || 0 };
  return { ...row, ...(timeout ? { bounded: true } : {}), ...(own ? { ownRetries: own } : {}) };
}

function mapped<Row>(rows: Readonly<Record<string, Row>>, change: (row: Row) => Row): Record<string, Row> {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, change(row)]));
}
