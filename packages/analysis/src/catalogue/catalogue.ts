import { axios } from './axios.js';
import { fetchApi } from './fetch.js';
import { holdfast } from './holdfast.js';

/** What a call talks to. */
export type DependencyKind = 'http';

/** What repeating a call would do: nothing new, the same thing again, or something new. */
export type Effect = 'read' | 'idempotent-write' | 'write' | 'unknown';

/** Where the HTTP method of a call is said: fixed by the member, or in an option. */
export type MethodSource = { readonly always: string } | { readonly option: string; readonly otherwise: string };

/** A call that leaves the process, by the place that declares it: `export` is a class, interface or function. */
export interface CallRow {
  readonly export: string;
  /** Absent when the export itself is called. */
  readonly member?: string;
  readonly method: MethodSource;
  /** Position of the options argument; several when the signature is overloaded: the first object wins. */
  readonly options: readonly number[];
  /** Name of the option that limits the call's duration, if there is one. */
  readonly timeout?: string;
  /** Name of the option that takes an `AbortSignal`, if there is one. */
  readonly signal?: string;
  /** Type of a first argument that carries options of its own, out of sight. */
  readonly carrier?: string;
}

/** A call that makes an instance of a catalogued type, with the options it gives to every later call. */
export interface CreateRow {
  readonly export: string;
  readonly member?: string;
  readonly returns: string;
  readonly options?: number;
  /** Made with `new`. */
  readonly constructs?: true;
}

/** Something that guards the operation handed to it. `export: '*'` stands for every type of the module. */
export interface GuardRow {
  readonly export: string;
  readonly member?: string;
  readonly policy: string;
  readonly form: 'decorator' | 'wrapper';
  /** A guard with fewer arguments than this guards nothing (`guard(fn)`). */
  readonly atLeast: number;
}

/** Everything known about one package, or about the globals (`module: 'global'`). */
export interface CatalogueModule {
  readonly module: string;
  readonly kind?: DependencyKind;
  /** Exported values and the declared type they are an instance of. */
  readonly values?: Readonly<Record<string, string>>;
  readonly supertypes?: Readonly<Record<string, string>>;
  readonly creates?: readonly CreateRow[];
  /** Member of a client that holds the options of all its calls (`axios.defaults.timeout = 2_000`). */
  readonly defaults?: string;
  readonly calls?: readonly CallRow[];
  readonly guards?: readonly GuardRow[];
  /** Functions that return the signal of the running attempt: a signal, but no promise of a timeout. */
  readonly ambientSignals?: readonly string[];
}

export type Catalogue = readonly CatalogueModule[];

/** What Holdfast knows without being told. */
export const defaultCatalogue: Catalogue = [fetchApi, axios, holdfast];
