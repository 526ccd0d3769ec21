import { BulkheadFullError } from '@holdfast/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failureOf, stubFetch } from '../fake-fetch.js';
import { render, report, ReportClient, reportPermits } from './bulkhead.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('runs two, lets two wait and refuses the fifth', async () => {
  const fetch = stubFetch({ body: 'done', after: 100 });
  const calls = ['a', 'b', 'c', 'd'].map(report);
  expect(reportPermits.running).toBe(2);
  expect(reportPermits.waiting).toBe(2);
  expect(await failureOf(report('e'))).toMatchObject({ code: 'HOLDFAST_BULKHEAD_FULL', policy: 'reports' });
  expect(fetch).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(200);
  expect(await Promise.all(calls)).toHaveLength(4);
});

it('refuses who waited too long', async () => {
  stubFetch({ after: 1_500 });
  const calls = ['a', 'b'].map(report);
  const late = failureOf(report('c'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await late).toBeInstanceOf(BulkheadFullError);
  await vi.advanceTimersByTimeAsync(500);
  await Promise.all(calls);
});

it('lets a higher priority in first', async () => {
  const fetch = stubFetch({ after: 10 });
  const calls = [render('1', 'free'), render('2', 'free'), render('3', 'paid')];
  await vi.advanceTimersByTimeAsync(30);
  await Promise.all(calls);
  expect(fetch.mock.calls.map(([url]) => url)).toEqual([
    'https://render.example/free/1',
    'https://render.example/paid/3',
    'https://render.example/free/2',
  ]);
});

it('shares the permits of a method between all objects', async () => {
  const fetch = stubFetch({ after: 10 });
  const calls = [new ReportClient(), new ReportClient(), new ReportClient()].map((client) => client.report('a'));
  expect(fetch).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(20);
  await Promise.all(calls);
});
