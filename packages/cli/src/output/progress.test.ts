import { describe, expect, it } from 'vitest';
import { createProgress, type Progress } from './progress.js';

function written(isTerminal: boolean, act: (progress: Progress, wait: (ms: number) => void) => void): string {
  let [text, time] = ['', 0];
  const progress = createProgress((part) => void (text += part), { isTerminal, now: () => time });
  act(progress, (ms) => void (time += ms));
  return text;
}

const clearLine = '\r\u001B[2K';

describe('progress', () => {
  it('is one line on a terminal, redrawn ten times a second, and gone before something else is written', () => {
    const text = written(true, (progress, wait) => {
      progress.update('loading', 0, 0);
      wait(200);
      progress.update('judging', 0, 40);
      wait(50);
      progress.update('judging', 5, 40);
      wait(950);
      progress.update('judging', 20, 40);
      progress.clear();
      progress.clear();
    });
    expect(text).toBe(
      `${clearLine}holdfast: loading${clearLine}holdfast: judging 0/40 files${clearLine}holdfast: judging 20/40 files, 20 files/s, 1 s left${clearLine}`,
    );
  });

  it('says nothing in a log about a short run', () => {
    expect(
      written(false, (progress, wait) => {
        progress.update('judging', 0, 40);
        wait(1_999);
        progress.update('judging', 40, 40);
        progress.clear();
      }),
    ).toBe('');
  });

  it('is a plain line in a log for each stage, and every ten seconds', () => {
    const text = written(false, (progress, wait) => {
      progress.update('loading', 0, 0);
      wait(3_000);
      for (let done = 0; done <= 30; done += 1) {
        progress.update('judging', done, 30);
        wait(500);
      }
      progress.update('verifying', 0, 0);
    });
    expect(text).toBe(
      'holdfast: judging 0/30 files\nholdfast: judging 20/30 files, 2.0 files/s, 5 s left\nholdfast: verifying\n',
    );
  });
});
