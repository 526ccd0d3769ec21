// #region http-error
/** An error that tells the policies the status and headers of a response. */
export class HttpError extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super(`${response.url} answered ${response.status}`);
    this.response = response;
  }
}

export async function fetchOk(url: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (!response.ok) throw new HttpError(response);
  return response;
}
// #endregion

// #region classify
import { circuitBreaker, outcomeOfError } from '@holdfast/runtime';

/** Its 409 means that the service is in trouble, whatever the standard says. */
export const ledgerCircuit = circuitBreaker({
  failureThreshold: 3,
  classify: (result) => {
    if (!('error' in result)) return 'success';
    const { response } = result.error as { response?: Response };
    return response?.status === 409 ? 'failure' : outcomeOfError(result.error);
  },
});
// #endregion
