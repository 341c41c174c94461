/** Processor time of this thread so far, in milliseconds, in steps of some: other processes do not add to it. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
