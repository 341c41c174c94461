#!/usr/bin/env node
/**
 * The program, and the only place that exits. Nothing is imported before the check below, and its
 * syntax stays old: a Node that is too old must get this far to be told.
 */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major >= 26 || (major === 24 && minor >= 15)) {
  const { start } = await import("./start.ts");
  process.exitCode = await start(process.argv.slice(2));
} else {
  const file =
    process.platform === "linux"
      ? `, or take the file tetherdock-linux-${process.arch}, which needs no Node`
      : "";
  process.stderr.write(
    `tetherdock: error: this is Node.js ${process.versions.node}, and tetherdock needs 24.15 or later (24.x), or 26 and later${file}\n`,
  );
  process.exitCode = 3;
}

export {};
