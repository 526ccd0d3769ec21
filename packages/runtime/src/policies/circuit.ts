import type { Channel } from 'node:diagnostics_channel';
import type { Clock } from '../clock.js';
import { callbackFailed } from '../callback-failed.js';
import { CircuitOpenError, withoutStack } from '../errors.js';
import { outcomeOfError, retryAfterOf, type Outcome } from '../outcome.js';
import { CountWindow, TimeWindow, type OutcomeWindow } from './outcome-window.js';

export type CircuitState = 'closed' | 'open' | 'half-open';

/** `forced-open` refuses everything, `disabled` admits everything and counts nothing, `observing` counts and admits everything. */
export type CircuitMode = 'normal' | 'forced-open' | 'disabled' | 'observing';

/** What hands have set, for all circuits of one breaker. */
export class CircuitControl {
  mode: CircuitMode = 'normal';
  isolations = 0;
  /** Nobody has interfered: the usual case, in one field. */
  isHandsOff = true;

  update(mode: CircuitMode, isolations: number): void {
    this.mode = mode;
    this.isolations = isolations;
    this.isHandsOff = mode === 'normal' && isolations === 0;
  }

  get isForcedOpen(): boolean {
    return this.mode === 'forced-open' || this.isolations > 0;
  }
}

/** A circuit's state as it can be stored and given to a new process. */
export interface SavedCircuit {
  state: CircuitState;
  /** When an open circuit lets probes through, in ms since 1970. */
  openUntil?: number;
  /** How often it has opened without staying closed in between. */
  trips: number;
}

/** It may come from a store that others write to. */
export function isSavedCircuit(value: unknown): value is SavedCircuit {
  if (typeof value !== 'object' || value === null) return false;
  const { state, openUntil, trips } = value as Partial<SavedCircuit>;
  return (
    (state === 'closed' || state === 'open' || state === 'half-open') &&
    (openUntil === undefined || Number.isFinite(openUntil)) &&
    Number.isSafeInteger(trips) &&
    trips! >= 0
  );
}

/** All options of a circuit breaker, with nothing left to default. */
export interface CircuitSettings {
  name: string;
  /** Failures in a row that open the circuit; undefined when only rates count. */
  failureThreshold: number | undefined;
  monitoringPeriod: number;
  windowSize: number | undefined;
  failureRate: number | undefined;
  minimumCalls: number;
  slowCallDuration: number | undefined;
  slowCallRate: number | undefined;
  recoveryTimeout: number;
  recoveryMultiplier: number;
  maxRecoveryTimeout: number;
  recoveryJitter: number;
  halfOpenProbes: number;
  maxHalfOpenDuration: number | undefined;
  afterHalfOpen: 'open' | 'closed';
  rampUp: number;
  classify: ((result: { error: unknown } | { value: unknown }) => Outcome | undefined) | undefined;
  clock: Clock;
  random: () => number;
  channel: Channel;
}

/**
 * The state machine of one circuit.
 *
 * Every admitted call gets a stamp; what it reports counts only while that stamp is current, so a call that began
 * before the circuit changed its state can neither close nor open it again. Stamps of calls in the closed state are positive and
 * change with each state; each probe has a negative one of its own; 0 is a refusal.
 */
export class Circuit {
  state: CircuitState = 'closed';
  /** Whether the duration of calls matters. */
  readonly isTimed: boolean;
  /** Whether a success is a success, however long it took and whatever it says. */
  private readonly isSimple: boolean;
  successes = 0;
  failures = 0;
  ignored = 0;
  rejected = 0;
  private readonly settings: CircuitSettings;
  private readonly control: CircuitControl;
  private readonly window: OutcomeWindow | undefined;
  /** The stamp of the calls admitted while closed. */
  private generation = 1;
  private inARow = 0;
  private lastFailureAt = 0;
  private openUntil = 0;
  /** When a call last asked to go through. */
  private askedAt = 0;
  private openFor = 0;
  private trips = 0;
  private closedAt = -Infinity;
  private halfOpenAt = 0;
  private lastFailure: unknown;
  /** When the lease of each probe under way ends, by the probe's stamp. */
  private readonly probes = new Map<number, number>();
  private lastProbe = 0;
  private probeSuccesses = 0;
  private probeFailures = 0;

  constructor(settings: CircuitSettings, control: CircuitControl) {
    this.settings = settings;
    this.control = control;
    this.isTimed = settings.slowCallDuration !== undefined;
    this.isSimple = !this.isTimed && settings.classify === undefined;
    if (settings.failureRate !== undefined || settings.slowCallRate !== undefined) {
      this.window =
        settings.windowSize === undefined
          ? new TimeWindow(settings.monitoringPeriod)
          : new CountWindow(settings.windowSize);
    }
  }

  now(): number {
    return this.settings.clock.now();
  }

  private coarseNow(): number {
    const { clock } = this.settings;
    return clock.coarseNow ? clock.coarseNow() : clock.now();
  }

  /** The stamp for one call, or 0 when it may not go. */
  admit(): number {
    // Closed and nothing to look after: the clock is not even read.
    if (this.state === 'closed' && this.control.isHandsOff) {
      if (this.inARow > 0) this.forgetOldFailures();
      if (this.closedAt !== -Infinity && this.isHeldBack()) return this.reject();
      return this.generation;
    }
    if (this.control.isForcedOpen) return this.reject();
    if (this.control.mode !== 'normal') return this.generation;
    const now = (this.askedAt = this.now());
    if (this.state === 'open') {
      if (now < this.openUntil) return this.reject();
      this.enterHalfOpen(now);
    }
    return this.admitProbe(now);
  }

  /** The error for a refusal, right after `admit` said 0. It carries no stack: in an outage refusals are the hot path. */
  refuse(): CircuitOpenError {
    const { name, channel } = this.settings;
    const forced = this.control.isForcedOpen;
    const retryAfter = !forced && this.state === 'open' ? Math.max(0, this.openUntil - this.askedAt) : undefined;
    const state = forced ? 'open' : this.state;
    if (channel.hasSubscribers) channel.publish({ type: 'rejected', policy: name, state, retryAfter });
    return withoutStack(() => new CircuitOpenError({ policy: name, state, retryAfter, cause: this.lastFailure }));
  }

  succeed(stamp: number, elapsed: number, value: unknown): void {
    // What nearly every call is: a quick success of a closed circuit that nobody has opinions about.
    if (this.isSimple && stamp === this.generation && this.control.mode === 'normal') {
      this.successes++;
      this.inARow = 0;
      if (this.window !== undefined) this.window.add(this.coarseNow(), false, false);
      return;
    }
    const outcome = this.settings.classify ? this.classified({ value }, 'success') : 'success';
    this.record(stamp, outcome, elapsed, value);
  }

  fail(stamp: number, elapsed: number, error: unknown): void {
    const { classify } = this.settings;
    const outcome = outcomeOfError(error);
    this.record(stamp, classify ? this.classified({ error }, outcome) : outcome, elapsed, error);
  }

  /** The call says nothing about the dependency: its caller gave up, or something around it did. */
  ignore(stamp: number): void {
    this.ignored++;
    this.probes.delete(stamp);
  }

  private record(stamp: number, outcome: Outcome, elapsed: number, result: unknown): void {
    if (outcome === 'ignore') return this.ignore(stamp);
    const isFailure = outcome === 'failure';
    if (isFailure) this.failures++;
    else this.successes++;
    if (this.control.mode === 'disabled') return;
    if (stamp < 0) {
      // A probe whose lease ran out, or of an earlier half-open time, is no longer known.
      if (this.probes.delete(stamp))
        this.recordProbe(isFailure || this.isSlow(elapsed), isFailure ? result : undefined);
      return;
    }
    if (stamp !== this.generation) return;
    if (isFailure) {
      this.lastFailure = result;
      this.inARow++;
      this.lastFailureAt = this.now();
    } else this.inARow = 0;
    const { window } = this;
    if (window) window.add(this.coarseNow(), isFailure, this.isSlow(elapsed));
    if ((isFailure || (this.isTimed && this.isSlow(elapsed))) && this.isTooBad())
      this.trip(isFailure ? result : undefined);
  }

  private classified(result: { error: unknown } | { value: unknown }, usual: Outcome): Outcome {
    try {
      return this.settings.classify!(result) ?? usual;
    } catch (error) {
      callbackFailed(this.settings.name, 'classify', error);
      return usual;
    }
  }

  private isSlow(elapsed: number): boolean {
    return this.isTimed && elapsed >= this.settings.slowCallDuration!;
  }

  private isTooBad(): boolean {
    const { failureThreshold, failureRate, slowCallRate, minimumCalls } = this.settings;
    if (failureThreshold !== undefined && this.inARow >= failureThreshold) return true;
    const { window } = this;
    if (!window || window.calls < minimumCalls) return false;
    // Divided, as 7 of 100 is 0.07 but 0.07 × 100 is more than 7.
    if (failureRate !== undefined && window.failures / window.calls >= failureRate) return true;
    return slowCallRate !== undefined && window.slow / window.calls >= slowCallRate;
  }

  /** A run of failures that nothing has added to for a whole period says nothing about now. */
  private forgetOldFailures(): void {
    if (this.now() - this.lastFailureAt > this.settings.monitoringPeriod) this.inARow = 0;
  }

  private trip(result: unknown): void {
    if (this.control.mode === 'observing') {
      this.publishState('would-open');
      this.clear();
      return;
    }
    this.open(result);
  }

  private open(result: unknown): void {
    const { maxRecoveryTimeout, recoveryJitter, random } = this.settings;
    const now = this.now();
    this.forgetOldTrips(now);
    const grown = this.timeoutAfter(this.trips);
    const spread = grown * (1 + recoveryJitter * (2 * random() - 1));
    // The dependency may have said itself when to come back.
    const asked = retryAfterOf(result) ?? 0;
    this.openFor = Math.min(maxRecoveryTimeout, Math.max(spread, asked));
    this.openUntil = now + this.openFor;
    this.trips++;
    this.lastFailure = result;
    this.enter('open');
  }

  /** The backing-off goes on until the circuit has stayed closed for as long as it was last open. */
  private forgetOldTrips(now: number): void {
    if (this.state === 'closed' && now - this.closedAt >= this.openFor) this.trips = 0;
  }

  /** How long the circuit stays open when it has opened `trips` times before. */
  private timeoutAfter(trips: number): number {
    const { recoveryTimeout, recoveryMultiplier, maxRecoveryTimeout } = this.settings;
    return Math.min(maxRecoveryTimeout, recoveryTimeout * recoveryMultiplier ** trips);
  }

  private enterHalfOpen(now: number): void {
    this.halfOpenAt = now;
    this.probeSuccesses = this.probeFailures = 0;
    this.enter('half-open');
  }

  private close(): void {
    this.closedAt = this.now();
    this.lastFailure = undefined;
    this.enter('closed');
  }

  private enter(state: CircuitState): void {
    const from = this.state;
    this.state = state;
    this.generation++;
    this.probes.clear();
    this.clear();
    if (from !== state) this.publishState('state-change', from);
  }

  private clear(): void {
    this.inARow = 0;
    this.window?.clear();
  }

  private publishState(type: string, from: CircuitState = this.state): void {
    const { channel, name } = this.settings;
    if (channel.hasSubscribers) channel.publish({ type, policy: name, from, to: this.state, cause: this.lastFailure });
  }

  private admitProbe(now: number): number {
    const { halfOpenProbes, recoveryTimeout, maxHalfOpenDuration, afterHalfOpen } = this.settings;
    if (maxHalfOpenDuration !== undefined && now - this.halfOpenAt >= maxHalfOpenDuration) {
      if (afterHalfOpen === 'closed') {
        this.close();
        return this.admit();
      }
      this.open(this.lastFailure);
      return this.reject();
    }
    // A probe that hangs must not hold its place for ever.
    for (const [stamp, leaseEnd] of this.probes) if (leaseEnd <= now) this.probes.delete(stamp);
    if (this.probes.size + this.probeSuccesses + this.probeFailures >= halfOpenProbes) return this.reject();
    const stamp = --this.lastProbe;
    this.probes.set(stamp, now + recoveryTimeout);
    return stamp;
  }

  private recordProbe(isFailure: boolean, result: unknown): void {
    const { halfOpenProbes, failureRate = 0.5 } = this.settings;
    if (isFailure) this.probeFailures++;
    else this.probeSuccesses++;
    // As soon as the probes still missing cannot change the verdict, it stands.
    const least = Math.max(1, Math.floor(failureRate * halfOpenProbes));
    const fatal = least / halfOpenProbes >= failureRate ? least : least + 1;
    if (this.probeFailures >= fatal) this.open(result);
    else if (this.probeSuccesses > halfOpenProbes - fatal) this.close();
  }

  /** After closing, calls are let back in little by little. */
  private isHeldBack(): boolean {
    const { rampUp, random } = this.settings;
    const since = this.now() - this.closedAt;
    if (since >= rampUp) {
      if (since >= this.openFor) this.closedAt = -Infinity;
      return false;
    }
    return random() >= since / rampUp;
  }

  private reject(): 0 {
    this.rejected++;
    return 0;
  }

  /** Begins anew, closed, with nothing remembered. */
  reset(): void {
    this.trips = 0;
    this.closedAt = -Infinity;
    this.lastFailure = undefined;
    this.enter('closed');
  }

  get isIdle(): boolean {
    return this.state === 'closed' && this.inARow === 0;
  }

  save(): SavedCircuit {
    this.forgetOldTrips(this.now());
    const { state, trips } = this;
    if (state === 'closed') return { state, trips };
    // Wall time, because the monotonic clock means nothing in another process.
    return { state, trips, openUntil: Date.now() + Math.max(0, this.openUntil - this.now()) };
  }

  restore({ state, openUntil = 0, trips }: SavedCircuit): void {
    this.trips = trips;
    if (state === 'closed') {
      if (trips === 0) return;
      // It had only just closed, and was open for as long as so many trips make it.
      this.closedAt = this.now();
      this.openFor = this.timeoutAfter(trips - 1);
      return;
    }
    // Whatever the wall clock did meanwhile: never longer than this circuit could have opened itself.
    const left = Math.min(this.settings.maxRecoveryTimeout, Math.max(0, openUntil - Date.now()));
    this.openFor = left;
    this.openUntil = this.now() + left;
    this.enter('open');
  }
}
