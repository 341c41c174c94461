/**
 * Replaces `ssh` on a test's laptop: runs the real one and relays its streams. At the CUT_AT-th answer it runs CUT_DO,
 * a shell command with $REAL_SSH and $LAPTOP (process ids), before it forwards that answer; it forwards nothing after
 * it. An answer is a line on stdout that ends a script: tetherdock's marker and a status. CUT_LOG gets a line for each
 * answer. A separate program: see cuts.ts.
 */
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync } from "node:fs";

const { CUT_AT = "0", CUT_DO = "", CUT_LOG = "" } = process.env;
const cutAt = Number(CUT_AT);
const laptop = process.ppid;
const ANSWER = /^tetherdock-\S+ \d+$/gm;

// As in tetherdock: Ctrl-C is for tetherdock, not for its connection. Node restores signals for its children.
process.on("SIGINT", () => {});
const real = spawn(
  "/bin/sh",
  ["-c", 'trap "" INT; exec /usr/bin/ssh "$@"', "ssh", ...process.argv.slice(2)],
  {
    stdio: ["pipe", "pipe", "inherit"],
  },
);

function cut(): void {
  const env = { ...process.env, REAL_SSH: String(real.pid), LAPTOP: String(laptop) };
  execFileSync("/bin/sh", ["-c", CUT_DO], { env, stdio: "ignore" });
}

let seen = "";
let answers = 0;
real.stdout.on("data", (chunk: Buffer) => {
  if (cutAt > 0 && answers >= cutAt) return;
  seen += chunk.toString("latin1");
  const now = seen.slice(0, seen.lastIndexOf("\n") + 1).match(ANSWER)?.length ?? 0;
  for (; answers < now; answers += 1) if (CUT_LOG) appendFileSync(CUT_LOG, "answer\n");
  if (cutAt > 0 && answers >= cutAt) cut();
  else process.stdout.write(chunk);
});
for (const stream of [real.stdin, process.stdout]) stream.on("error", () => {}); // either end may be gone by now
process.stdin.pipe(real.stdin);
real.on("close", (status) => {
  process.exitCode = status ?? 255;
  process.stdin.destroy();
});
