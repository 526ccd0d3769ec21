// Shows a legacy service to `holdfast check`, guards a copy of it, and runs both through the same outage.
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { scheduleFor, weatherAt } from '../dependencies/schedule.js';
import { arrivalsFor } from './arrivals.js';
import { countChanges } from './changes.js';
import { CHECKOUT, compile, holdfast } from './commands.js';
import { compare, served } from './figures.js';
import { drawTable } from './table.js';
import { heading, say, showProgress, succeed, warn } from './terminal.js';
import { prepareTrial } from './trial.js';
import { color } from './colors.js';

const SEED = process.env.DEMO_SEED ?? 'holdfast';
/** Few enough for a machine with other work to do: five processes share its cores. */
const PER_SECOND = 12;
const PATIENCE = 5_000;
/** In milliseconds. A generator further behind than this would colour the latencies. */
const TOLERATED_LATENESS = 100;

const legacySource = join(CHECKOUT, 'service');
const workshop = join(CHECKOUT, '.demo');
const legacyOut = join(workshop, 'legacy');
const guardedSource = join(workshop, 'guarded');
const guardedOut = join(guardedSource, 'dist');

const started = performance.now();
try {
  await makeCopy();
  // Compiling says nothing and needs none of what the others find.
  await Promise.all([lookAtLegacy(), compile(legacySource, legacyOut)]);
  await guardCopy();
  await Promise.all([lookAtCopy(), compile(guardedSource, guardedOut)]);
  await runBoth();
  say(color.dim(`\nThe demo took ${Math.round((performance.now() - started) / 1_000)} s.`));
} catch (error) {
  console.error(`\n${color.red('✘')} ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

async function makeCopy() {
  await rm(workshop, { recursive: true, force: true });
  await mkdir(workshop);
  for (const part of ['src', 'tsconfig.json']) {
    await cp(join(legacySource, part), join(guardedSource, part), { recursive: true });
  }
}

async function lookAtLegacy() {
  heading('1  What the analysis sees in a legacy order service');
  const { code, output } = await holdfast('check', 'service');
  // A crash ends with 1 too.
  if (code !== 1 || !output.includes('no-unguarded-outbound-call'))
    throw new Error(`holdfast check did not report the unguarded calls: it ended with ${code}.`);
}

async function guardCopy() {
  heading('2  Guarding a copy of it');
  const { code } = await holdfast('guard', '.demo/guarded', '--write');
  if (code !== 0) throw new Error(`holdfast guard ended with ${code}.`);

  const { files, added, removed } = await countChanges(legacySource, guardedSource);
  if (files === 0) throw new Error('holdfast guard changed nothing.');
  succeed(`${files} files differ from the legacy service: ${added} lines added, ${removed} removed.`);
}

async function lookAtCopy() {
  heading('3  What the analysis sees in the copy');
  const { code } = await holdfast('check', '.demo/guarded');
  if (code !== 0) throw new Error(`holdfast check is not content with the guarded copy: it ended with ${code}.`);
  succeed('holdfast check ended with 0: nothing left to report.');
}

async function runBoth() {
  heading('4  Both under the same outage');
  const schedule = scheduleFor(SEED);
  const arrivals = arrivalsFor({ seed: SEED, perSecond: PER_SECOND, length: schedule.length });
  const seconds = (/** @type {number} */ ms) => (ms / 1_000).toFixed(1);
  const { outage } = schedule;
  say(
    `${arrivals.length} orders in ${seconds(schedule.length)} s to each version, at the same moments; customers wait ${seconds(PATIENCE)} s.\n` +
      `From ${seconds(outage.from)} s to ${seconds(outage.to)} s ${schedule.sick} hangs on most requests and answers others with 503 or a reset.\n`,
  );

  const trials = await Promise.all(
    [join(legacyOut, 'main.js'), join(guardedOut, 'main.js')].map((main) =>
      prepareTrial({ main, cwd: CHECKOUT, seed: SEED, arrivals, patience: PATIENCE }),
    ),
  );

  // At once: neither loads the machine enough to be felt by the other, and the lateness below would tell.
  const endProgress = showProgress(schedule.length, (elapsed) => {
    if (elapsed > schedule.length) return 'waiting for the last answers';
    return weatherAt(schedule.episodes, schedule.sick, elapsed) === 'outage'
      ? `${schedule.sick} is sick`
      : 'all is well';
  });
  const [legacy, guarded] = await Promise.all(trials.map((trial) => trial.run())).finally(endProgress);
  if (!legacy || !guarded) throw new Error('A trial is missing.');

  say(drawTable(['legacy', 'guarded'], compare(legacy, guarded, schedule)));

  const lateness = Math.max(...[legacy, guarded].flatMap(({ outcomes }) => outcomes.map(({ late }) => late)));
  say(color.dim(`\nNo order was sent more than ${Math.ceil(lateness)} ms after its moment.`));
  const isBusy = lateness > TOLERATED_LATENESS;
  if (isBusy) warn('This machine is busy with other things: read the latencies with care.');

  const [before, after] = [served(legacy), served(guarded)];
  if (after <= before) {
    const advice = isBusy ? ' The machine was too busy to tell: please run the demo again.' : '';
    throw new Error(`The guards did not help: ${before} orders served without them, ${after} with them.${advice}`);
  }
  succeed(`${after - before} more orders served.`);
}
