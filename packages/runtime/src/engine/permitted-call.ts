import type { Permits } from '../policies/permits.js';
import type { Runner } from '../policy.js';
import { DerivedContext } from './operation-context.js';
import { startOperation } from './start-operation.js';

/**
 * Calls under nothing but a bulkhead with a permit to spare: what an `Attempt` would do, without one. Nothing differs from call to call, so
 * the handlers are made once.
 *
 * @param otherwise Runs a call that has to wait, or whose caller may abort it.
 */
export function permittedRunner(permits: Permits, otherwise: Runner, owner: string | undefined): Runner {
  const succeeded = (value: unknown): unknown => {
    permits.release();
    return value;
  };
  const failed = (error: unknown): never => {
    permits.release();
    throw error;
  };
  return (fn, self, args, parent) => {
    if (parent !== undefined || !permits.tryAcquire()) return otherwise(fn, self, args, parent);
    try {
      return startOperation(fn, self, args, new DerivedContext(undefined), owner).then(succeeded, failed);
    } catch (error) {
      permits.release();
      return Promise.reject(error);
    }
  };
}
