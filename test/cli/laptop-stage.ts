/** A home with lines and a docker folder, and commands that run in it without blocking this process. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { inject } from "vitest";

/** What a command did. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** One laptop. */
export interface LaptopStage {
  readonly work: string;
  /** TETHERDOCK_HOME. */
  readonly home: string;
  /** DOCKER_CONFIG. */
  readonly docker: string;
  spawn(command: string, args: readonly string[]): ChildProcess;
  run(command: string, ...args: string[]): Promise<Ran>;
  remove(): void;
}

/** Makes an empty one. Asynchronous, because servers of the test answer in this process. */
export function makeLaptopStage(): LaptopStage {
  const work = realpathSync(mkdtempSync(join(tmpdir(), "tetherdock-laptop-")));
  const [home, docker] = [join(work, "tetherdock"), join(work, "docker")];
  mkdirSync(docker);
  const env = {
    PATH: `${inject("bin")}:/usr/local/bin:/usr/bin:/bin`,
    HOME: work,
    SHELL: "/bin/bash",
    TETHERDOCK_HOME: home,
    DOCKER_CONFIG: docker,
  };
  const start = (command: string, args: readonly string[]) => spawn(command, args, { env, cwd: work });
  return {
    work,
    home,
    docker,
    spawn: start,
    async run(command, ...args) {
      const child = start(command, args);
      const [stdout, stderr, [status]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "close"),
      ]);
      return { stdout, stderr, status };
    },
    remove: () => rmSync(work, { recursive: true }),
  };
}
