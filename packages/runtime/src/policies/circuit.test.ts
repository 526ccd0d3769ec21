import { channel } from 'node:diagnostics_channel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock, Timer } from '../clock.js';
import { seededRandom } from '../testing.js';
import { Circuit, CircuitControl, type CircuitSettings } from './circuit.js';

/** A clock that is set by hand, and counts how often it was read. */
class CountingClock implements Clock {
  time = 0;
  readings = 0;

  now(): number {
    this.readings++;
    return this.time;
  }
  setTimer(): Timer {
    throw new Error('a circuit needs no timer');
  }
}

const failure = new Error('down');

function circuit(settings: Partial<CircuitSettings> = {}) {
  const clock = new CountingClock();
  const control = new CircuitControl();
  const made = new Circuit(
    {
      name: 'circuit',
      failureThreshold: 2,
      monitoringPeriod: 10_000,
      windowSize: undefined,
      failureRate: undefined,
      minimumCalls: 10,
      slowCallDuration: undefined,
      slowCallRate: undefined,
      recoveryTimeout: 1000,
      recoveryMultiplier: 1,
      maxRecoveryTimeout: 10_000,
      recoveryJitter: 0,
      halfOpenProbes: 1,
      maxHalfOpenDuration: undefined,
      afterHalfOpen: 'open',
      rampUp: 0,
      classify: undefined,
      clock,
      random: seededRandom(1),
      channel: channel('holdfast:circuit-test'),
      ...settings,
    },
    control,
  );
  return { circuit: made, clock, control };
}

describe('a closed circuit', () => {
  it('reads no clock for a call that succeeds', () => {
    const { circuit: closed, clock } = circuit();
    for (let i = 0; i < 100; i++) closed.succeed(closed.admit(), 0, 'value');
    expect(clock.readings).toBe(0);
  });

  it('trips on the last of so many failures in a row, and a success in between starts the count anew', () => {
    const { circuit: closed } = circuit({ failureThreshold: 3 });
    for (const isSuccess of [false, false, true, false, false]) {
      if (isSuccess) closed.succeed(closed.admit(), 0, 'value');
      else closed.fail(closed.admit(), 0, failure);
    }
    expect(closed.state).toBe('closed');
    closed.fail(closed.admit(), 0, failure);
    expect(closed.state).toBe('open');
  });
});

describe('the cost of a failure', () => {
  it('does not grow with the calls in the window: the clock is read as often after 100,000 calls as after 100', () => {
    const { circuit: closed, clock } = circuit({ failureThreshold: undefined, failureRate: 0.9, minimumCalls: 10 });
    const readingsOfOneFailure = (calls: number): number => {
      for (let i = 0; i < calls; i++) closed.succeed(closed.admit(), 0, 'value');
      clock.readings = 0;
      closed.fail(closed.admit(), 0, failure);
      return clock.readings;
    };
    expect(readingsOfOneFailure(100_000)).toBe(readingsOfOneFailure(100));
    expect(clock.readings).toBeLessThan(5);
  });
});

describe('stamps', () => {
  it('of calls admitted before the circuit changed its state change nothing, whatever they report', () => {
    const { circuit: made, clock } = circuit({ failureThreshold: 1 });
    const [lateSuccess, lateFailure, trip] = [made.admit(), made.admit(), made.admit()];
    made.fail(trip, 0, failure);
    made.succeed(lateSuccess, 0, 'late');
    expect(made.state).toBe('open');
    clock.time = 1000;
    const probe = made.admit();
    expect(made.state).toBe('half-open');
    made.succeed(lateSuccess, 0, 'late');
    made.fail(lateFailure, 0, failure);
    expect(made.state).toBe('half-open');
    made.succeed(probe, 0, 'fine');
    expect(made.state).toBe('closed');
    made.fail(lateFailure, 0, failure);
    expect(made.state).toBe('closed');
  });

  it('of a probe count once', () => {
    const { circuit: made, clock } = circuit({ failureThreshold: 1, halfOpenProbes: 3 });
    made.fail(made.admit(), 0, failure);
    clock.time = 1000;
    const probe = made.admit();
    for (let i = 0; i < 5; i++) made.succeed(probe, 0, 'fine');
    expect(made.state).toBe('half-open');
  });

  it('of a probe of an earlier half-open time count no more', () => {
    const { circuit: made, clock } = circuit({ failureThreshold: 1, halfOpenProbes: 2 });
    made.fail(made.admit(), 0, failure);
    clock.time = 1000;
    const [stale, fatal] = [made.admit(), made.admit()];
    made.fail(fatal, 0, failure);
    expect(made.state).toBe('open');
    clock.time = 2000;
    made.admit();
    made.fail(stale, 0, failure);
    expect(made.state).toBe('half-open');
  });
});

describe('any course of events', () => {
  const settingsOf = fc.record({
    failureThreshold: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    failureRate: fc.constantFrom(undefined, 0.3, 0.5, 1),
    windowSize: fc.constantFrom(undefined, 5),
    minimumCalls: fc.integer({ min: 1, max: 5 }),
    halfOpenProbes: fc.integer({ min: 1, max: 4 }),
    maxHalfOpenDuration: fc.constantFrom(undefined, 700),
    afterHalfOpen: fc.constantFrom('open' as const, 'closed' as const),
    recoveryMultiplier: fc.constantFrom(1, 2),
    recoveryJitter: fc.constantFrom(0, 0.5),
    rampUp: fc.constantFrom(0, 500),
  });
  const steps = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant('call' as const) },
      { weight: 2, arbitrary: fc.record({ succeed: fc.nat() }) },
      { weight: 4, arbitrary: fc.record({ fail: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ ignore: fc.nat() }) },
      { weight: 2, arbitrary: fc.record({ pass: fc.integer({ min: 0, max: 1500 }) }) },
    ),
    { maxLength: 150 },
  );

  it('an open circuit lets nothing through before its time, and a half-open one never more probes than it may', () => {
    fc.assert(
      fc.property(settingsOf, steps, fc.integer(), (settings, course, seed) => {
        const { circuit: made, clock } = circuit({ ...settings, random: seededRandom(seed) });
        const running: { stamp: number; at: number; generation: number }[] = [];
        let generation = 0;
        let before = made.state;
        let openedAt = 0;
        const note = (): void => {
          if (made.state === before) return;
          generation++;
          if (made.state === 'open') openedAt = clock.time;
          before = made.state;
        };
        const take = (which: number): number => running.splice(which % running.length, 1)[0]!.stamp;
        for (const step of course) {
          if (step === 'call') {
            const wasOpen = made.state === 'open';
            const stamp = made.admit();
            note();
            if (stamp === 0) continue;
            // Least wait: the recovery timeout less all of its jitter.
            if (wasOpen) expect(clock.time - openedAt).toBeGreaterThanOrEqual(1000 * (1 - settings.recoveryJitter));
            expect(made.state).not.toBe('open');
            running.push({ stamp, at: clock.time, generation });
            if (made.state === 'half-open') {
              const held = running.filter((call) => call.generation === generation && clock.time - call.at < 1000);
              expect(held.length).toBeLessThanOrEqual(settings.halfOpenProbes);
            }
          } else if ('pass' in step) clock.time += step.pass;
          else if (running.length === 0) continue;
          else if ('succeed' in step) made.succeed(take(step.succeed), 0, 'fine');
          else if ('fail' in step) made.fail(take(step.fail), 0, failure);
          else made.ignore(take(step.ignore));
          note();
        }
        // Whatever happened, a dependency that is well again is found out.
        for (let i = 0; i < 50 && made.state !== 'closed'; i++) {
          clock.time += 10_000;
          for (let probe = 0; probe < settings.halfOpenProbes; probe++) {
            const stamp = made.admit();
            if (stamp !== 0) made.succeed(stamp, 0, 'fine');
          }
        }
        expect(made.state).toBe('closed');
      }),
      { numRuns: 500 },
    );
  });

  it('opens exactly when a rate is reached, for any rate in hundredths', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.constantFrom(7, 20, 25, 50, 100, 200), (hundredths, size) => {
        const failureRate = hundredths / 100;
        const needed = Math.ceil((hundredths * size) / 100);
        const { circuit: made } = circuit({
          failureThreshold: undefined,
          failureRate,
          windowSize: size,
          minimumCalls: size,
        });
        const stamp = made.admit();
        for (let i = 0; i < size - needed; i++) made.succeed(stamp, 0, 'fine');
        for (let i = 0; i < needed; i++) {
          expect(made.state).toBe('closed');
          made.fail(stamp, 0, failure);
        }
        expect(made.state).toBe('open');
      }),
      { numRuns: 1000 },
    );
  });

  // 0.07 × 100 is a little more than 7.
  it.each([
    [0.07, 100],
    [0.55, 100],
    [0.28, 25],
    [0.56, 100],
  ])('a rate of %d of %d calls is reached at the whole number, not one later', (failureRate, size) => {
    const needed = Math.round(failureRate * size);
    const { circuit: counted } = circuit({
      failureThreshold: undefined,
      failureRate,
      windowSize: size,
      minimumCalls: size,
    });
    const stamp = counted.admit();
    for (let i = 0; i < size - needed; i++) counted.succeed(stamp, 0, 'fine');
    for (let i = 0; i < needed; i++) counted.fail(stamp, 0, failure);
    expect(counted.state).toBe('open');

    const { circuit: probed, clock } = circuit({
      failureThreshold: 1,
      failureRate,
      minimumCalls: 1000,
      halfOpenProbes: size,
    });
    probed.fail(probed.admit(), 0, failure);
    clock.time = 1000;
    for (let i = 0; i < needed; i++) {
      expect(probed.state).not.toBe('closed');
      probed.fail(probed.admit(), 0, failure);
    }
    expect(probed.state).toBe('open');
  });
});
