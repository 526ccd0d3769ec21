import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios, { AxiosError, type AxiosAdapter, type AxiosResponse, type CreateAxiosDefaults } from 'axios';
import axiosRetry from 'axios-retry';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { calls as after } from '../../fixtures/migrate/axios-retry/behaviour/after.js';
import { calls as before } from '../../fixtures/migrate/axios-retry/behaviour/before.js';

type Call = (baseURL: string, id: number) => Promise<AxiosResponse>;

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the service does, attempt after attempt; the last one for ever. A string is the code of an error of the network. */
const courses: Record<string, readonly (Answer | Error | string)[]> = {
  'a success': [{ status: 200 }],
  'a success later': [{ status: 503 }, 'ECONNRESET', { status: 201 }],
  'an endless failure': [{ status: 500 }],
  'different failures': [{ status: 502 }, 'ECONNREFUSED', { status: 599 }, { status: 500 }, 'EPIPE'],
  'a refused request': [{ status: 404 }],
  'a conflict': [{ status: 503 }, { status: 409 }, { status: 409 }, { status: 200 }],
  'too many requests': [{ status: 429 }],
  'a Retry-After in seconds': [{ status: 429, headers: { 'retry-after': '3' } }, { status: 503 }, { status: 200 }],
  'a Retry-After of fractions': [{ status: 503, headers: { 'retry-after': '0.7504' } }, { status: 200 }],
  'a Retry-After as a date': [
    { status: 503, headers: { 'retry-after': 'Sat, 01 Jan 2028 00:00:07 GMT' } },
    { status: 200 },
  ],
  'a Retry-After in the past': [{ status: 503, headers: { 'retry-after': '-4' } }, { status: 200 }],
  'a Retry-After of zero': [{ status: 503, headers: { 'retry-after': '0' } }, { status: 200 }],
  'a Retry-After that says nothing': [{ status: 503, headers: { 'retry-after': 'soon' } }, { status: 200 }],
  'a limit that resets': [{ status: 429, headers: { 'ratelimit-reset': '60' } }, { status: 200 }],
  'a Retry-After of a redirect': [{ status: 302, headers: { 'retry-after': '3' } }, { status: 200 }],
  'a name that is not there': ['ENOTFOUND'],
  'a bad certificate': ['CERT_HAS_EXPIRED', { status: 200 }],
  'a lost connection': ['ECONNRESET', 'ECONNRESET', { status: 200 }],
  'a time that is up': ['ECONNABORTED', { status: 200 }],
  'a time that is up later': [{ status: 503 }, 'ETIMEDOUT', 'ECONNABORTED'],
  'no code at all': ['', { status: 200 }],
  'a bug': [new TypeError('x is not a function'), { status: 200 }],
  'an error of axios without a request': [new AxiosError('bad option', 'ERR_BAD_OPTION'), { status: 200 }],
};

/** Answers as a course says, and notes what was sent. */
function serviceOf(course: readonly (Answer | Error | string)[], attempts: unknown[], begin: number): AxiosAdapter {
  return async (config) => {
    const { method, url, baseURL, params, data, timeout } = config;
    const outcome = course[Math.min(attempts.length, course.length - 1)]!;
    const headers = { ...config.headers.toJSON() };
    attempts.push({
      at: Date.now() - begin,
      method,
      url,
      baseURL,
      params: params as unknown,
      data: data as unknown,
      timeout,
      headers,
    });
    await Promise.resolve();
    if (outcome instanceof Error) throw outcome;
    if (typeof outcome === 'string') throw new AxiosError(`failed: ${outcome}`, outcome, config, {});
    const response = { data: '', statusText: '', request: {}, config, headers: {}, ...outcome } as AxiosResponse;
    if (config.validateStatus!(outcome.status)) return response;
    throw new AxiosError(`status ${String(outcome.status)}`, 'ERR_BAD_RESPONSE', config, {}, response);
  };
}

/** Everything that can be seen of a call: when each attempt was sent and how, and how and when it ended. */
async function observe(call: Call, course: readonly (Answer | Error | string)[], id: number): Promise<unknown> {
  vi.setSystemTime('2028-01-01T00:00:00Z');
  const attempts: unknown[] = [];
  const begin = Date.now();
  axios.defaults.adapter = serviceOf(course, attempts, begin);
  const end = call('https://users.example', id).then(
    ({ status }) => ({ status, at: Date.now() - begin }),
    (error: AxiosError) => ({ ...shown(error), at: Date.now() - begin }),
  );
  await vi.runAllTimersAsync();
  return { attempts, end: await end };
}

function shown({ name, message, code, response, config }: AxiosError): object {
  return { name, message, code, status: response?.status, url: config?.url };
}

describe('with a service that follows a course', () => {
  const adapter = axios.defaults.adapter!;
  beforeEach(() => {
    vi.useFakeTimers();
    // A timer of Node takes 1 ms at least, one of the test runner does not.
    const faked = globalThis.setTimeout;
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((callback: () => void, ms?: number) =>
      faked(callback, Math.max(1, ms ?? 0))) as typeof setTimeout);
  });
  afterEach(() => {
    axios.defaults.adapter = adapter;
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  describe.each([0, 0.999])('with chance at %d', (chance) => {
    beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(chance));

    describe.each(Object.keys(before))('%s', (name) => {
      it.each(Object.keys(courses))('does the same before and after: %s', async (course) => {
        for (const id of [7, 0]) {
          const expected = await observe(before[name]!, courses[course]!, id);
          expect(await observe(after[name]!, courses[course]!, id)).toEqual(expected);
        }
      });
    });
  });
});

const configs: Readonly<Record<string, CreateAxiosDefaults>> = {
  'nothing said': {},
  'headers of their own': {
    headers: {
      common: { 'x-all': '1' },
      get: { 'x-get': '2' },
      post: { 'content-type': 'text/x' },
      Authorization: 'Bearer t',
    },
  },
  'a form': { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
  'JSON said': { headers: { 'content-type': 'application/json' } },
  'a user': { auth: { username: 'a', password: 'b' } },
  parameters: { params: { z: 1 }, paramsSerializer: { indexes: null } },
  'parameters of their own': { paramsSerializer: { serialize: (params) => Object.keys(params).join() } },
  cookies: { withCredentials: true, xsrfCookieName: 'a', xsrfHeaderName: 'b' },
  limits: { timeout: 1000, maxRedirects: 0, maxContentLength: 1000, maxBodyLength: 1000, decompress: false, family: 4 },
  answers: { responseType: 'arraybuffer', responseEncoding: 'latin1', validateStatus: (status) => status < 300 },
  transitional: { transitional: { silentJSONParsing: false, forcedJSONParsing: false, clarifyTimeoutError: true } },
};
const bodies: readonly unknown[] = [
  { a: 1, b: { c: [1, null] }, u: undefined },
  'text',
  '{"a": 1 }',
  [1],
  null,
  undefined,
];

describe('with a server', () => {
  /** What came over the wire, and with which status it was answered. */
  const requests: unknown[] = [];
  const statuses: (number | undefined)[] = [];
  const server: Server = createServer((request, response) => {
    const { method, url, headers } = request;
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const status = statuses.shift() ?? 200;
      requests.push({ method, url, headers, body, status });
      if (status === 0) request.socket.destroy();
      else response.writeHead(status).end();
    });
  });
  let baseURL: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    baseURL = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(() => void server.close());

  async function sent(call: Call): Promise<unknown> {
    requests.length = 0;
    statuses.splice(0, Infinity, 0, 503, 0);
    const end = await call(baseURL, 7).then(
      ({ status }) => ({ status }),
      (error: AxiosError) => shown(error),
    );
    return { requests: [...requests], end };
  }

  it.each([
    'nothing said',
    'another method',
    'a method that is not repeated',
    'both kinds, a write',
    'both kinds, a read',
    'failures of the network',
    'whatever the method',
    'safe methods, and another',
  ])('sends the same: %s', async (name) => {
    const expected = await sent(before[name]!);
    expect(await sent(after[name]!)).toEqual(expected);
  });

  // What the migration rests on, for the options that it lets pass.
  describe.each(Object.keys(configs))('a request that is sent again is like a new one: %s', (name) => {
    it.each(['get', 'delete', 'head', 'options', 'post', 'put', 'patch'] as const)('%s', async (method) => {
      for (const body of bodies) {
        const path = `${baseURL}/users?q=1`;
        const client = axios.create(configs[name]);
        axiosRetry(client, { retryCondition: () => true, shouldResetTimeout: true });
        const own = { params: { kinds: [1, 2], name: { first: 'a b' } }, headers: { 'x-id': '7' } };
        const hasBody = method === 'post' || method === 'put' || method === 'patch';
        const call = (): Promise<AxiosResponse> =>
          hasBody ? client[method](path, body, own) : client[method](path, { ...own, data: body });
        await sent(call);
        const [first, ...others] = (requests as object[]).map((request) => ({ ...request, status: undefined }));
        expect(others).toEqual([first, first, first]);
      }
    });
  });
});
