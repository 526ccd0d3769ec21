import pRetry from 'p-retry';

export const cases = {
  retry: (operation, { attempts }) => {
    const options = { retries: attempts - 1, minTimeout: 0 };
    return () => pRetry(operation, options);
  },
};
