import type {
  CatalogueModule,
  ClientRow,
  DependencyKind,
  Effect,
  GuardForm,
  GuardRow,
  MemberRow,
  PolicyKind,
  TypeRow,
} from '../catalogue/catalogue.js';
import type { Assumption, Config } from './config.js';

/** What may stand somewhere in a configuration. */
export type Shape =
  | { readonly kind: 'text' | 'true' | 'count' }
  | { readonly kind: 'oneOf'; readonly values: readonly (string | false)[] }
  | { readonly kind: 'list'; readonly of: Shape }
  /** An object whose keys are names of people's code. */
  | { readonly kind: 'byName'; readonly of: Shape }
  | {
      readonly kind: 'object';
      readonly fields: Readonly<Record<string, Shape>>;
      readonly required: readonly string[];
    }
  | { readonly kind: 'either'; readonly shapes: readonly Shape[] };

const text: Shape = { kind: 'text' };
const isTrue: Shape = { kind: 'true' };
/** A whole number: a position, a count, a duration in ms. */
const count: Shape = { kind: 'count' };
const texts: Shape = { kind: 'list', of: text };
const counts: Shape = { kind: 'either', shapes: [count, { kind: 'list', of: count }] };

/** A field that the type has and the schema has not is a compile error, and the other way round. */
function object<T>(
  fields: { readonly [Key in keyof Required<T>]: Shape },
  ...required: readonly (keyof T & string)[]
): Shape {
  return { kind: 'object', fields, required };
}

function oneOf<T extends string>(values: Readonly<Record<T, true>>): Shape {
  return { kind: 'oneOf', values: Object.keys(values) };
}

const byName = (of: Shape): Shape => ({ kind: 'byName', of });
const listOf = (of: Shape): Shape => ({ kind: 'list', of });
const either = (...shapes: readonly Shape[]): Shape => ({ kind: 'either', shapes });

const effects = { read: true, 'idempotent-write': true, write: true } as const;

const effectSource = either(
  oneOf<Effect>({ ...effects, unknown: true }),
  object<{ method: string }>({ method: text }, 'method'),
  object<{ methodOption: string; otherwise: string }>(
    { methodOption: text, otherwise: text },
    'methodOption',
    'otherwise',
  ),
  object<{ methodArgument: number }>({ methodArgument: count }, 'methodArgument'),
  object<{ sql: number }>({ sql: count }, 'sql'),
  object<{ command: number }>({ command: count }, 'command'),
  object<{ verb: 'member' }>({ verb: oneOf({ member: true }) }, 'verb'),
);

const member = object<MemberRow>({
  effect: effectSource,
  returns: text,
  is: text,
  makes: text,
  options: counts,
  timeout: texts,
  timeoutArgument: count,
  signal: text,
  retries: texts,
  key: texts,
  keyOption: text,
  carrier: text,
  callback: object<NonNullable<MemberRow['callback']>>(
    { argument: count, parameters: texts, transaction: isTrue },
    'argument',
  ),
  resolvesOnErrorStatus: isTrue,
  returnsAtOnce: isTrue,
  limits: isTrue,
  answersData: isTrue,
  repeats: isTrue,
  transaction: oneOf({ begin: true, commit: true, rollback: true }),
  jobAttempts: text,
});

const client = object<ClientRow>({
  timeout: texts,
  ownTimeout: count,
  bounded: isTrue,
  retries: texts,
  ownRetries: object<NonNullable<ClientRow['ownRetries']>>(
    {
      count,
      effects: oneOf({ all: true, idempotent: true, read: true }),
      kind: oneOf({ marked: true, reconnecting: true }),
    },
    'count',
    'effects',
  ),
  retryMethods: text,
});

const type = object<TypeRow>({
  extends: text,
  members: byName(member),
  others: member,
  called: member,
  statics: byName(member),
  otherStatics: member,
  constructed: object<NonNullable<TypeRow['constructed']>>({ options: counts, makes: text }),
  lazy: member,
  client,
});

const guard = object<GuardRow>(
  {
    export: text,
    member: text,
    name: text,
    policies: listOf(
      oneOf<PolicyKind>({
        timeout: true,
        retry: true,
        'circuit-breaker': true,
        bulkhead: true,
        'rate-limit': true,
        cached: true,
        fallback: true,
        hedge: true,
        guard: true,
      }),
    ),
    form: oneOf<GuardForm>({
      decorator: true,
      wrapper: true,
      wraps: true,
      factory: true,
      attaches: true,
      operator: true,
    }),
    operation: count,
    options: count,
    atLeast: count,
    attempts: text,
    attemptsCountFirst: isTrue,
    ownAttempts: count,
    endless: text,
    maxElapsed: text,
    condition: either(text, count),
    duration: text,
  },
  'export',
  'name',
  'policies',
  'form',
);

export const catalogueShape: Shape = listOf(
  object<CatalogueModule>(
    {
      module: text,
      also: texts,
      kind: oneOf<DependencyKind>({
        http: true,
        db: true,
        cache: true,
        broker: true,
        rpc: true,
        mail: true,
        sdk: true,
        socket: true,
      }),
      docs: text,
      client,
      exports: byName(member),
      types: byName(type),
      unnamed: member,
      generated: texts,
      defaults: text,
      guards: listOf(guard),
      ambientSignals: texts,
    },
    'module',
  ),
);

export const configShape: Shape = object<Config>({
  catalogue: catalogueShape,
  assume: listOf(
    object<Assumption>(
      {
        module: text,
        type: text,
        member: text,
        timeout: isTrue,
        effect: oneOf(effects),
        retries: either(count, { kind: 'oneOf', values: [false] }),
        because: text,
      },
      'module',
    ),
  ),
});
