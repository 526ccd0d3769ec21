import { systemClock, type Clock } from '../clock.js';
import { BREAKER } from '../engine/layers.js';
import { channelOf } from '../events.js';
import {
  aClock,
  aDelay,
  aDuration,
  aFunction,
  aNumber,
  aRatio,
  aShare,
  aString,
  aWholeNumber,
  checkOptions,
  checkValue,
  either,
  oneOf,
  type OptionChecks,
} from '../options.js';
import type { Outcome } from '../outcome.js';
import { LiveSet } from '../live-set.js';
import { definePolicy, type BuiltInPolicy } from '../policy.js';
import {
  Circuit,
  CircuitControl,
  isSavedCircuit,
  type CircuitMode,
  type CircuitSettings,
  type CircuitState,
  type SavedCircuit,
} from './circuit.js';

export interface CircuitBreakerOptions {
  /** Failures in a row that open the circuit; 5 by default, and off by default when a rate is given. */
  failureThreshold?: number;
  /** How long an open circuit refuses everything, in ms; 60000 by default. */
  recoveryTimeout?: number;
  /** What is older than this says nothing about now, in ms; 10000 by default. The window of the rates, unless `windowSize` is given. */
  monitoringPeriod?: number;
  /** Counts the rates over this many calls in place of a time. */
  windowSize?: number;
  /** The share of failures that opens the circuit, above 0 and at most 1. */
  failureRate?: number;
  /** Rates mean nothing below this many calls in the window; 10 by default. */
  minimumCalls?: number;
  /** From which duration on a call is slow, in ms; goes with `slowCallRate`. */
  slowCallDuration?: number;
  /** The share of slow calls that opens the circuit. */
  slowCallRate?: number;
  /** How many probes decide about closing; 1 by default. The circuit closes unless `failureRate` of them (half by default) fail. */
  halfOpenProbes?: number;
  /** How long the circuit may stay half-open, in ms; without limit by default (a single probe may not: its place is freed after `recoveryTimeout`). */
  maxHalfOpenDuration?: number;
  /** Where to go when that time is over; `open` by default. */
  afterHalfOpen?: 'open' | 'closed';
  /** Factor by which `recoveryTimeout` grows with each time the circuit opens again; 1 by default. */
  recoveryMultiplier?: number;
  /** The longest it grows to, in ms; also bounds a `Retry-After`. Ten times `recoveryTimeout` by default. */
  maxRecoveryTimeout?: number;
  /** By which share the time is spread up or down, so that many processes do not probe together; 0 by default. */
  recoveryJitter?: number;
  /** After closing, lets calls back in little by little over this time, in ms; 0 by default. */
  rampUp?: number;
  /** Says what a result or error means, or undefined for the usual: see `Outcome`. */
  classify?: (result: { error: unknown } | { value: unknown }) => Outcome | undefined;
  /**
   * What shares one circuit: all calls (`class`, the default), those on one object (`instance`), or those for which the function,
   * given the arguments of the call, returns the same key (a host, a tenant).
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the arguments are the method's business
  scope?: 'class' | 'instance' | ((...args: any[]) => string);
  /** A state saved before. */
  restore?: SavedCircuit;
  name?: string;
  clock?: Clock;
  /** From 0 to below 1; `Math.random` by default. */
  random?: () => number;
}

const checks: OptionChecks<CircuitBreakerOptions> = {
  failureThreshold: aWholeNumber(1),
  recoveryTimeout: aDuration,
  monitoringPeriod: aDuration,
  windowSize: aWholeNumber(1),
  failureRate: aRatio,
  minimumCalls: aWholeNumber(1),
  slowCallDuration: aDuration,
  slowCallRate: aRatio,
  halfOpenProbes: aWholeNumber(1),
  maxHalfOpenDuration: aDuration,
  afterHalfOpen: oneOf('open', 'closed'),
  recoveryMultiplier: aNumber(1),
  maxRecoveryTimeout: aDuration,
  recoveryJitter: aShare,
  rampUp: aDelay,
  classify: aFunction,
  scope: either(oneOf('class', 'instance'), aFunction),
  restore: {
    type: 'a saved state',
    allowed: 'a state that save() returned',
    accepts: isSavedCircuit,
  },
  name: aString,
  clock: aClock,
  random: aFunction,
};

export interface CircuitBreakerPolicy extends BuiltInPolicy {
  readonly kind: 'circuit-breaker';
  /** Of the one circuit; with a scope, of the one that calls without a key or an object share. */
  readonly state: CircuitState;
  readonly mode: CircuitMode;
  /** Refuses everything until `close()`. */
  open(): void;
  /** Back to normal, closed, with nothing remembered. */
  close(): void;
  /** Admits everything and counts nothing until `close()`. */
  disable(): void;
  /** Counts, and publishes `would-open`, but admits everything until `close()`. */
  observe(): void;
  /** Keeps the circuit open until the handle is released; several holders do not disturb each other. */
  isolate(): Isolation;
  /** The state, to be given to a later process as `restore`. */
  save(): SavedCircuit;
}

export interface Isolation {
  release(): void;
  [Symbol.dispose](): void;
}

/** Circuits kept for keys; the least recently used closed one goes first. */
const KEPT_CIRCUITS = 1_000;
/**
 * Stops calling a dependency that keeps failing, and finds out by a few probes when it is back.
 *
 * Refusals of other policies, the caller's own abort, bugs (`TypeError` and the like) and 4xx answers are not failures of the
 * dependency. Results of calls that began before the circuit last changed its state change nothing. While half-open, calls beyond the
 * probes are refused, never held.
 *
 * @throws {TypeError | RangeError} When created with options that cannot work.
 * @throws {CircuitOpenError} `HOLDFAST_CIRCUIT_OPEN`, with `retryAfter` in ms while the circuit is open.
 * @see Nygard, *Release It!*, 2nd ed., "Circuit Breaker"
 */
export function circuitBreaker(options: CircuitBreakerOptions | number = {}): CircuitBreakerPolicy {
  if (typeof options === 'number') checkValue('circuitBreaker', 'failureThreshold', options, checks.failureThreshold);
  const given: CircuitBreakerOptions = typeof options === 'number' ? { failureThreshold: options } : options;
  checkOptions('circuitBreaker', given, checks);
  const settings = settingsOf(given);
  const { name } = settings;
  const { scope = 'class' } = given;
  const control = new CircuitControl();
  const shared = new Circuit(settings, control);
  if (given.restore) shared.restore(given.restore);
  const others = new LiveSet<Circuit>();

  const byInstance = new WeakMap<object, Circuit>();
  const byKey = new Map<string, Circuit>();
  /** A method called without its object shares the common circuit. */
  const ofInstance = (self: unknown): Circuit => {
    if ((typeof self !== 'object' && typeof self !== 'function') || self === null) return shared;
    let circuit = byInstance.get(self);
    if (!circuit) byInstance.set(self, (circuit = make()));
    return circuit;
  };
  const ofKey = (self: unknown, args: readonly unknown[] | undefined): Circuit => {
    const given: unknown = (scope as (...args: unknown[]) => string).apply(self, (args ?? []) as unknown[]);
    if (given === undefined) return shared;
    const key = String(given);
    let circuit = byKey.get(key);
    if (circuit) byKey.delete(key);
    else {
      if (byKey.size >= KEPT_CIRCUITS) byKey.delete(leastUseful(byKey));
      circuit = make();
    }
    byKey.set(key, circuit);
    return circuit;
  };
  const make = (): Circuit => {
    const circuit = new Circuit(settings, control);
    others.add(circuit);
    return circuit;
  };
  const circuitFor = scope === 'class' ? () => shared : scope === 'instance' ? ofInstance : ofKey;
  const every = (): Circuit[] => [shared, ...others];
  const stateOfShared = (): CircuitState => (control.isForcedOpen ? 'open' : shared.state);
  const setMode = (mode: CircuitMode): void => control.update(mode, control.isolations);

  return definePolicy(
    {
      kind: 'circuit-breaker',
      name,
      internals: { layer: { kind: BREAKER, circuit: scope === 'class' ? shared : undefined, circuitFor } },
      snapshot: () => ({
        mode: control.mode,
        isIsolated: control.isolations > 0,
        ...(scope === 'class' ? { ...factsOf(shared), state: stateOfShared() } : sumOf(every())),
        ...(typeof scope === 'function' ? { keys: keysOf(byKey) } : {}),
      }),
    },
    {
      get state() {
        return stateOfShared();
      },
      get mode() {
        return control.mode;
      },
      open: () => setMode('forced-open'),
      close() {
        setMode('normal');
        for (const circuit of every()) circuit.reset();
      },
      disable: () => setMode('disabled'),
      observe: () => setMode('observing'),
      isolate(): Isolation {
        let isHeld = true;
        control.update(control.mode, control.isolations + 1);
        const release = (): void => {
          if (isHeld) control.update(control.mode, control.isolations - 1);
          isHeld = false;
        };
        return { release, [Symbol.dispose]: release };
      },
      save: () => shared.save(),
    },
  ) as CircuitBreakerPolicy;
}

function settingsOf(given: CircuitBreakerOptions): CircuitSettings {
  const { failureRate, slowCallRate, slowCallDuration, windowSize, recoveryTimeout = 60_000, minimumCalls } = given;
  const hasRate = failureRate !== undefined || slowCallRate !== undefined;
  if ((slowCallRate === undefined) !== (slowCallDuration === undefined)) {
    const [has, lacks] =
      slowCallRate === undefined ? ['slowCallDuration', 'slowCallRate'] : ['slowCallRate', 'slowCallDuration'];
    throw new TypeError(`circuitBreaker: ${has} does nothing without ${lacks}; give both`);
  }
  for (const [key, value] of Object.entries({ windowSize, minimumCalls })) {
    if (value !== undefined && !hasRate)
      throw new TypeError(`circuitBreaker: ${key} does nothing without failureRate or slowCallRate`);
  }
  if (windowSize !== undefined && minimumCalls !== undefined && minimumCalls > windowSize) {
    throw new RangeError(
      `circuitBreaker: minimumCalls must be at most windowSize (${windowSize}), got ${minimumCalls}`,
    );
  }
  const maxRecoveryTimeout = given.maxRecoveryTimeout ?? recoveryTimeout * 10;
  if (maxRecoveryTimeout < recoveryTimeout) {
    throw new RangeError(
      `circuitBreaker: maxRecoveryTimeout must be at least recoveryTimeout (${recoveryTimeout}), got ${maxRecoveryTimeout}`,
    );
  }
  return {
    name: given.name ?? 'circuit-breaker',
    failureThreshold: given.failureThreshold ?? (hasRate ? undefined : 5),
    monitoringPeriod: given.monitoringPeriod ?? 10_000,
    windowSize,
    failureRate,
    minimumCalls: minimumCalls ?? Math.min(10, windowSize ?? 10),
    slowCallDuration,
    slowCallRate,
    recoveryTimeout,
    recoveryMultiplier: given.recoveryMultiplier ?? 1,
    maxRecoveryTimeout,
    recoveryJitter: given.recoveryJitter ?? 0,
    halfOpenProbes: given.halfOpenProbes ?? 1,
    maxHalfOpenDuration: given.maxHalfOpenDuration,
    afterHalfOpen: given.afterHalfOpen ?? 'open',
    rampUp: given.rampUp ?? 0,
    classify: given.classify,
    clock: given.clock ?? systemClock,
    random: given.random ?? Math.random,
    channel: channelOf('circuit-breaker'),
  };
}

function leastUseful(circuits: Map<string, Circuit>): string {
  // Rarely far from the front: a map keeps the order of use.
  for (const [key, circuit] of circuits) if (circuit.isIdle) return key;
  return circuits.keys().next().value!;
}

function factsOf({ state, successes, failures, ignored, rejected }: Circuit): Record<string, unknown> {
  return { state, successes, failures, ignored, rejected };
}

function sumOf(circuits: Circuit[]): Record<string, unknown> {
  const sum = (pick: (circuit: Circuit) => number): number =>
    circuits.reduce((total, circuit) => total + pick(circuit), 0);
  return {
    circuits: circuits.length,
    open: sum(({ state }) => (state === 'open' ? 1 : 0)),
    successes: sum(({ successes }) => successes),
    failures: sum(({ failures }) => failures),
    ignored: sum(({ ignored }) => ignored),
    rejected: sum(({ rejected }) => rejected),
  };
}

const keysOf = (circuits: Map<string, Circuit>): Record<string, CircuitState> =>
  Object.fromEntries([...circuits].map(([key, { state }]) => [key, state]));
