/** What a call talks to. `socket` is a connection that carries anything. */
export type DependencyKind = 'http' | 'db' | 'cache' | 'broker' | 'rpc' | 'mail' | 'sdk' | 'socket';

/** What repeating a call would do: nothing new, the same thing again, or something new. */
export type Effect = 'read' | 'idempotent-write' | 'write' | 'unknown';

/** Where it is said what a call does. Positions of arguments count from 0. */
export type EffectSource =
  | Effect
  /** The HTTP method, fixed by the member. */
  | { readonly method: string }
  /** The HTTP method, an option of the call. */
  | { readonly methodOption: string; readonly otherwise: string }
  /** The HTTP method, an argument of the call. */
  | { readonly methodArgument: number }
  /** SQL: a text, a tagged template (the call itself is the tag), or an object with `text` or `sql`. */
  | { readonly sql: number }
  /** An argument such as `new PutObjectCommand(…)`: the verb in the name of its class. */
  | { readonly command: number }
  /** The verb that the member's name begins with: `createUser` writes, `listUsers` reads. */
  | { readonly verb: 'member' };

/** One member of a type, one export of a package, or one member of a class itself. An empty row is known to stay inside. */
export interface MemberRow {
  /**
   * Calling it leaves the process, and this is what it does there. In a chain of builder calls (it is a member of a
   * lazy type, or returns one) nothing leaves yet: it says what the built call will do, and the last word counts.
   */
  readonly effect?: EffectSource;
  /** Type of what it returns or resolves to. A lazy type starts a chain. */
  readonly returns?: string;
  /** Type of the property itself. */
  readonly is?: string;
  /** It makes a client of this type (`axios.create`, `createClient`): its options hold for all calls of that client. */
  readonly makes?: string;
  /** Position of the options argument; several when the signature is overloaded: the first object wins. */
  readonly options?: number | readonly number[];
  /** Options of the call that limit its duration, as dotted paths (`timeout`, `timeout.request`). */
  readonly timeout?: readonly string[];
  /** Position of an argument that is a duration in itself (`client.request(subject, data, 2_000)`). */
  readonly timeoutArgument?: number;
  /** Option that takes an `AbortSignal`. */
  readonly signal?: string;
  /** Options of the call that set how often it is tried. */
  readonly retries?: readonly string[];
  /** Properties, in any object among the arguments, that make the receiver drop a repetition. */
  readonly key?: readonly string[];
  /** Option that takes such a key of the caller's own making, and whose documentation says that a repetition with it does nothing. */
  readonly keyOption?: string;
  /** Type of a first argument that carries options of its own, out of sight. */
  readonly carrier?: string;
  /** A callback that it runs, and the types of the callback's parameters; `transaction` while a transaction is open. */
  readonly callback?: {
    readonly argument: number;
    readonly parameters?: readonly string[];
    readonly transaction?: true;
  };
  /** The promise resolves on an error status too: somebody has to look at it. */
  readonly resolvesOnErrorStatus?: true;
  /** It returns no promise: how it ends is told to a callback or a listener, or to nobody. */
  readonly returnsAtOnce?: true;
  /** In a chain: limits how long the built call may take (`.timeout(2_000)`). Of a call itself: something out of sight does. */
  readonly limits?: true;
  /** Of a builder: the answer is rows as the database has them, in which there is neither a client nor an object of the project. */
  readonly answersData?: true;
  /** In a chain: the built call is tried again (`.retry(2)`). */
  readonly repeats?: true;
  /** Starts, commits or rolls back a transaction that is not a callback. */
  readonly transaction?: 'begin' | 'commit' | 'rollback';
  /** Option that says how often a job is tried (`attempts`): the call adds a job, a processor runs it. */
  readonly jobAttempts?: string;
}

/** What the options of a client say about all its calls, and what it does when they say nothing. */
export interface ClientRow {
  /** Options that limit every call, as dotted paths. */
  readonly timeout?: readonly string[];
  /** The limit that the library sets itself, in ms. */
  readonly ownTimeout?: number;
  /** Something out of sight limits every call: a server, a proxy, a connection string. */
  readonly bounded?: true;
  /** Options that set how often a call is tried, as dotted paths. */
  readonly retries?: readonly string[];
  /** How often the library itself repeats a failed call, and which calls. */
  readonly ownRetries?: {
    readonly count: number;
    readonly effects: 'all' | 'idempotent' | 'read';
    /** `marked`: the other side recognises a repetition and drops it. `reconnecting`: only what a lost connection left open is sent again. */
    readonly kind?: 'marked' | 'reconnecting';
  };
  /** Option that lists the HTTP methods that are tried again. */
  readonly retryMethods?: string;
}

/** A class or interface that a package declares. */
export interface TypeRow {
  /** Type of the same module whose members it has as well. */
  readonly extends?: string;
  readonly members?: Readonly<Record<string, MemberRow>>;
  /** Every member that is not named in `members`. */
  readonly others?: MemberRow;
  /** The instance itself is called: `client(url)`. */
  readonly called?: MemberRow;
  /** Members of the class itself: `User.findAll()` where `class User extends Model`. */
  readonly statics?: Readonly<Record<string, MemberRow>>;
  /** Every static member that is not named in `statics`. */
  readonly otherStatics?: MemberRow;
  /** `new` makes a client; position of its options, and its type where a value of this type is the class. */
  readonly constructed?: { readonly options?: number | readonly number[]; readonly makes?: string };
  /** A builder: its members return it again, and it sends when it is awaited. Members with `returns` end the chain. */
  readonly lazy?: MemberRow;
  /** Replaces the module's `client`. */
  readonly client?: ClientRow;
}

/** Kinds of policy, whichever library they come from. */
export type PolicyKind =
  'timeout' | 'retry' | 'circuit-breaker' | 'bulkhead' | 'rate-limit' | 'cached' | 'fallback' | 'hedge' | 'guard';

/** How an operation gets under a policy. */
export type GuardForm =
  /** `@Timeout(2_000)` on the method. */
  | 'decorator'
  /** The operation, or a promise of it, is an argument: `pRetry(operation)`, `policy.execute(operation)`. */
  | 'wrapper'
  /** Returns a function that is the operation under the policy: `guard(operation, …)`. */
  | 'wraps'
  /** Makes a policy, whose methods are wrappers: `circuitBreaker({ … })`. */
  | 'factory'
  /** Changes a client in place: `axiosRetry(client, { retries: 3 })`. */
  | 'attaches'
  /** An argument of `.pipe(…)` on what the operation returns: `timeout(2_000)` of rxjs. */
  | 'operator';

/** Something that guards the operation handed to it. */
export interface GuardRow {
  /** `*` stands for every type of the module. */
  readonly export: string;
  readonly member?: string;
  /** Name to show. */
  readonly name: string;
  /** What it does; empty when that is said by the policies among its arguments, or by the factory that made it. */
  readonly policies: readonly PolicyKind[];
  readonly form: GuardForm;
  /** Position of the operation (wrapper, wraps) or the client (attaches). Default: 0. */
  readonly operation?: number;
  /** Position of the options. */
  readonly options?: number;
  /** A guard with fewer arguments than this guards nothing (`guard(fn)`). Default: 0. */
  readonly atLeast?: number;
  /** Option names of this library for what the checks ask about. */
  readonly attempts?: string;
  /** Whether `attempts` counts the first try (`maxAttempts`) or only those after it (`retries`). */
  readonly attemptsCountFirst?: true;
  /** Attempts when the option is not given; absent when it never stops. */
  readonly ownAttempts?: number;
  /** Option that makes it try without end, whatever `attempts` says. */
  readonly endless?: string;
  /** Option that ends it after a time. */
  readonly maxElapsed?: string;
  /** Option, or position of the argument, that decides which failures are tried again. */
  readonly condition?: string | number;
  readonly duration?: string;
}

/** Everything known about one package, or about the globals (`module: 'global'`). */
export interface CatalogueModule {
  readonly module: string;
  /** Packages with the same exports, such as `http` for `node:http`. */
  readonly also?: readonly string[];
  /** Absent for a package that guards and sends nothing itself. */
  readonly kind?: DependencyKind;
  /** Where its timeouts and retries are documented. */
  readonly docs?: string;
  readonly client?: ClientRow;
  /** Exports by name; `default` and the whole module of a CommonJS package are one. A class is exported by its `types` row. */
  readonly exports?: Readonly<Record<string, MemberRow>>;
  readonly types?: Readonly<Record<string, TypeRow>>;
  /** The rows are not all of the package: its own code says which other calls leave the process, and they have this row. */
  readonly unnamed?: MemberRow;
  /** Exports that a generator writes into a package or folder of the user's choice: their name alone says what they are. */
  readonly generated?: readonly string[];
  /** Member of a client that holds the options of all its calls (`axios.defaults.timeout = 2_000`). */
  readonly defaults?: string;
  readonly guards?: readonly GuardRow[];
  /** Functions that return the signal of the running attempt: a signal, but no promise of a timeout. */
  readonly ambientSignals?: readonly string[];
}

export type Catalogue = readonly CatalogueModule[];

/** One row for each of several members: `each('get head', { effect: 'read' })`. */
export function each<Row>(names: string, row: Row): Record<string, Row> {
  return Object.fromEntries(names.split(/\s+/).map((name) => [name, row]));
}
