// What the work costs alone, and what people write by hand.
export const cases = {
  bare: (operation) => operation,

  retry: (operation, { attempts }) =>
    async function retry() {
      for (let attempt = 1; ; attempt++) {
        try {
          return await operation();
        } catch (error) {
          if (attempt === attempts) throw error;
        }
      }
    },

  timeout: (operation, { timeout }) =>
    async function race() {
      let timer;
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error('timed out')), timeout);
      });
      try {
        return await Promise.race([operation(), late]);
      } finally {
        clearTimeout(timer);
      }
    },
};
