/** Starts an agent that goes on when this process ends. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { SECOND_MS } from "../../base/index.ts";
import { makeDirectory } from "../files/atomic-file.ts";
import { withFile } from "../files/file-error.ts";

/** The child then reads one passphrase from its stdin: its environment would show it to other processes. */
export const PASSPHRASE_ON_STDIN = "TETHERDOCK_AGENT_STDIN";

const READY_MS = 15 * SECOND_MS;
const POLL_MS = 50;
/** Above this size the log begins anew. */
const MAX_LOG_BYTES = 1024 * 1024;
const MAX_SAID = 2_000;

export interface Launch {
  /** Absolute paths and arguments. */
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly log: string;
  /** undefined: none is needed. */
  readonly passphrase: string | undefined;
  /** Whether it serves what it shall. */
  isReady(): Promise<boolean>;
  readonly signal: AbortSignal;
}

async function openLog(path: string): Promise<FileHandle> {
  await makeDirectory(dirname(path));
  return withFile("write", path, async () => {
    const log = await open(path, "a+", 0o600);
    if ((await log.stat()).size > MAX_LOG_BYTES) await log.truncate();
    return log;
  });
}

/** What it has written since. */
async function saidSince(log: FileHandle, from: number): Promise<string> {
  const { buffer, bytesRead } = await log.read(Buffer.alloc(MAX_SAID), 0, MAX_SAID, from);
  return buffer.toString("utf8", 0, bytesRead).trim();
}

function start({ command, env, passphrase }: Launch, log: FileHandle) {
  const [program = "", ...args] = command;
  const more = passphrase === undefined ? {} : { [PASSPHRASE_ON_STDIN]: "1" };
  const stdin = passphrase === undefined ? "ignore" : "pipe";
  const child = spawn(program, args, {
    ...{ detached: true, cwd: "/", env: { ...env, ...more } },
    stdio: [stdin, log.fd, log.fd],
  });
  child.stdin?.on("error", () => {}).end(passphrase);
  return child;
}

/** @returns what it said, when it has ended or is not ready in time; null: it runs @throws FILE_FAILED, INTERRUPTED */
export async function launchAgent(launch: Launch): Promise<string | null> {
  const log = await openLog(launch.log);
  try {
    const { size } = await log.stat();
    const child = start(launch, log);
    let over = false;
    const ended = Promise.race([once(child, "exit"), once(child, "error")]).then(() => {
      over = true;
    });
    const deadline = performance.now() + READY_MS;
    while (!over && performance.now() < deadline && !launch.signal.aborted) {
      if (await launch.isReady()) {
        child.unref();
        return null;
      }
      await Promise.race([setTimeout(POLL_MS), ended]);
    }
    child.kill("SIGTERM");
    await ended;
    launch.signal.throwIfAborted();
    return (await saidSince(log, size)) || `${basename(launch.command[0] ?? "")} ended without a word`;
  } finally {
    await log.close();
  }
}
