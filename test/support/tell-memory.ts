/** For `node --import`: prints the peak memory of the process, in KiB, as the last line on stderr. */
process.on("exit", () => process.stderr.write(`\nmaxRSS ${process.resourceUsage().maxRSS}\n`));
