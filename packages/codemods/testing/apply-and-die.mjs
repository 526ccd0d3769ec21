// apply-and-die.mjs <root> <call> <file…>: writes "new " before each file, and kills its own process at the n-th call of the file system.
import * as fs from 'node:fs';
import { join } from 'node:path';
import { applyPlans } from '../dist/apply-plans.js';

const [root, call, ...names] = process.argv.slice(2);
let calls = 0;
const dying = new Proxy(fs, {
  get: (target, name) => {
    return (...args) => {
      if (calls++ === Number(call)) process.kill(process.pid, 'SIGKILL');
      return target[name](...args);
    };
  },
});
const plans = names.map((name) => {
  const text = fs.readFileSync(join(root, name), 'utf8').replace('\uFEFF', '');
  return {
    file: join(root, name),
    text,
    edits: [{ start: 0, end: 0, text: 'new ' }],
    changes: [],
    skips: [],
    notes: [],
  };
});
applyPlans(plans, { root, command: 'test', now: new Date(), fs: dying });
