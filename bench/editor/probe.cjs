// Loaded into tsserver before it starts: tells over the IPC channel what the process has used, when it is asked.
const answers = {
  /** Milliseconds so far, of all threads. */
  cpu() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
  /** MB that are alive. */
  heap() {
    globalThis.gc();
    return process.memoryUsage().heapUsed / 2 ** 20;
  },
};
process.on('message', (question) => process.send(answers[question]()));
