import type { MigrationSkipReason } from '../plan.js';

/** What a person can do about a use of another library that was left alone. */
export const skipMessages: Readonly<Record<MigrationSkipReason, string>> = {
  'abort-error':
    'An AbortError or `bail` ends the retries from inside, here or in a file that is called: say it with `retryIf`.',
  'caller-signal':
    'A signal of the caller ends a call of Holdfast at once, and only reaches the operation here: decide which it should be.',
  'breaker-error':
    'The codes or messages of its errors are read, here or in another file: look for `HOLDFAST_CIRCUIT_OPEN`, `HOLDFAST_TIMEOUT` and `HOLDFAST_BULKHEAD_FULL` there first.',
  'changing-request':
    'What is sent may be another by the time that it is sent again: put its parts into a `const` first, each a string or a number.',
  comment: 'A comment would be lost: move it above the code.',
  declined: 'You chose to leave it as it is.',
  'dynamic-option':
    'An option or a number is known only when the program runs: write it as a number, or as a `const` with one.',
  'error-class':
    'Errors of the library may be told by class, name or a condition, here or in another file: look for the codes of Holdfast there first.',
  'fallback-type':
    'What it falls back to is of another type than what the operation gives, and Holdfast has no type for that: make it the same type first.',
  generated: 'The file is generated: change what generates it.',
  'invalid-option':
    'The library or the timer refuses one of these options, or reads it as something else: correct it first.',
  javascript: 'JavaScript is not rewritten yet: no types prove that the result still fits.',
  listener:
    'It has listeners: Holdfast publishes on channels (`holdfast:retry` and the like), so subscribe there first.',
  'late-result':
    'A call that began before the circuit opened may still be under way when it lets a probe through, and its result counts as that of the probe: set a `timeout` shorter than `resetTimeout` first.',
  nested: 'Changes would overlap: move the inner call to a constant first.',
  'not-a-call': 'The library is passed on as a value: only its calls are rewritten.',
  operation: 'It cannot be seen what the operation does with its arguments: write it as `() => …`.',
  option: 'One of the options has no equivalent that behaves the same.',
  order:
    'A timeout around other policies ends them in Holdfast, and lets them go on here: put it last, or decide which it should be.',
  'other-import': 'The library is used in another way than by calls of its default import.',
  'other-use': 'It is used for more than plain calls, in a way that has no equivalent.',
  'own-error':
    'When the time is up it throws an error of its own, Holdfast a TimeoutError: look who reads the error first.',
  'parse-error': 'The file has syntax errors.',
  promise:
    'The promise is made elsewhere, or what makes it may throw at once: write the call in place, and `await` the result.',
  'race-not-a-timeout': 'It is no race of one operation against a timer that rejects.',
  signal:
    'The signal is aborted after each return too, and it cannot be seen what that ends: say `abortOnReturn: false` first.',
  'rolling-window':
    'It opens by the share of failures among the calls that began in a window, Holdfast by that among the calls that ended: decide about `failureThreshold` or `failureRate` and write the `circuitBreaker` yourself.',
  'shared-client':
    'Requests may go through the client that cannot be seen: keep it in a `const` that is not exported or in a private field, patch it right after `axios.create`, and only call its methods.',
  'shared-timeout':
    'All attempts share the `timeout` of the request, which Holdfast cannot say: set `shouldResetTimeout: true`, so that each has its own, and look whether that is fine.',
  'stateful-loop':
    'The loop does more than to repeat an operation and throw its last error: it keeps state, logs, or waits before it gives up.',
  'throws-no-error': 'The operation throws something that is no error: the library has a rule of its own for it.',
  'timeout-error':
    'The error class of the library is used, here or in another file: look for the code `HOLDFAST_TIMEOUT` first.',
  together: 'It is combined with a policy that is left alone, and stays with it.',
  unbounded: 'It retries forever, or waits longer than a timer can: decide about a limit first.',
  vendored: 'The file is a copy of code that others keep, or minified: change it where it comes from.',
  version: 'It is not installed, or in a version that behaves in another way: install or update it first.',
  'which-error':
    'After several attempts the library throws the error whose message came most often, Holdfast the last one: decide whether that is fine.',
};
