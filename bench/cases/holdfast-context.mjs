// Importing ./context turns AsyncLocalStorage on for the whole process, so these cases are a library of their own.
import { currentSignal } from '../../packages/runtime/dist/esm/context.js';
import { cases as holdfast } from './holdfast.mjs';

const reading = (create) => (operation, settings) =>
  create(() => {
    currentSignal();
    return operation();
  }, settings);

export const cases = {
  'timeout (context imported)': holdfast.timeout,
  'timeout (currentSignal() read)': reading(holdfast.timeout),
  'all (context imported)': holdfast.all,
  'all (currentSignal() read)': reading(holdfast.all),
};
