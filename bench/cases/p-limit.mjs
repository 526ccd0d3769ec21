import pLimit from 'p-limit';

export const cases = {
  bulkhead: (operation, { concurrent }) => {
    const limit = pLimit(concurrent);
    return () => limit(operation);
  },
};
