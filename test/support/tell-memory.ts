/** For `node --import`: at the end, the most memory that the process ever held, in KiB, as the last line on stderr. */
process.on("exit", () => process.stderr.write(`\nmaxRSS ${process.resourceUsage().maxRSS}\n`));
