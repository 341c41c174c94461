/**
 * Processor time of this thread so far, in milliseconds, with a coarse resolution; other processes do not add to it.
 */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
