import type { SkipReason } from '../plan.js';

/** What a person can do about a call that was left alone. */
export const skipMessages: Readonly<Record<SkipReason, string>> = {
  connection: 'After a timeout nobody would give the connection back: set a connection timeout on its client.',
  constructor: 'A constructor cannot wait: move the call to an async factory method.',
  declined: 'You chose to leave it as it is.',
  'fire-and-forget': 'Nobody waits for this promise: await it, or hand it to a queue.',
  generated: 'The file is generated: change what generates it.',
  generator: 'Running a generator again would replay what was consumed: guard the calls inside by hand.',
  'impure-args': 'Its arguments wait or change state, which would happen once per attempt: compute them first.',
  'inside-transaction': 'It is part of a transaction: decide how long the whole may take, and guard or repeat that.',
  javascript: 'JavaScript is not rewritten yet: no types prove that the result still fits.',
  'mixed-return': 'The function returns a promise only sometimes: make it async first.',
  narrowed: 'A check above makes a type narrower, which a function does not keep: put the value in a constant first.',
  'no-promise': 'It answers with events or a callback, not with a promise: wrap it in one first.',
  'no-project': 'No tsconfig has the file, so no types prove that the result fits: add it to one.',
  'not-a-call':
    'It is a query that was built before, or made with `new` or a template tag: guard what waits for it by hand.',
  'one-shot-body':
    'It sends a stream, which is used up by the first attempt and takes as long as it is: decide how long it may take.',
  'optional-chain': 'The call may not happen at all (`?.`): check the client first.',
  overlap: 'One call is an argument of the other: move the inner one to a constant first.',
  'parse-error': 'The file has syntax errors.',
  sync: 'The function is synchronous, and making it async would change its callers.',
  vendored: 'The file is a copy of code that others keep, or minified: change it where it comes from.',
};
