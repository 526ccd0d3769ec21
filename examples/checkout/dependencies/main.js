// The four dependencies of the checkout service, in a process of their own: node main.js [seed]
import { startControl } from './control.js';
import { scheduleFor, weatherAt } from './schedule.js';
import { startDependency } from './server.js';
import { DEPENDENCIES } from './weather.js';

const seed = process.argv[2] ?? 'holdfast';
const { episodes } = scheduleFor(seed);

/** @type {number | undefined} */
let started;
const elapsed = () => (started === undefined ? undefined : performance.now() - started);

const servers = await Promise.all(
  DEPENDENCIES.map(async (dependency) => ({
    dependency,
    server: await startDependency({ seed, dependency, weather: () => weatherAt(episodes, dependency, elapsed()) }),
  })),
);

const control = await startControl({
  counts: () => Object.fromEntries(servers.map(({ dependency, server }) => [dependency, server.counts()])),
  start() {
    for (const { server } of servers) server.reset();
    started = performance.now();
  },
});

const urls = Object.fromEntries(servers.map(({ dependency, server }) => [dependency, server.url]));
console.log(JSON.stringify({ control, ...urls }));
