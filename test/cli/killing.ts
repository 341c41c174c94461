/** kill -9 at each change to a folder, in a command or in the gateway: strace kills the process as it makes the call. */
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { endOf } from "../support/end-of.ts";
import { killing, ONE_THREAD, type Point, pointsIn, watching } from "../support/strace-points.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import type { LaptopStage, Ran } from "./laptop-stage.ts";

/** Asks the engine of the line in force, as curl does. */
export const PING =
  'curl --silent --cacert "$DOCKER_CERT_PATH/ca.pem" --cert "$DOCKER_CERT_PATH/cert.pem" --key "$DOCKER_CERT_PATH/key.pem" "https$(echo "$DOCKER_HOST" | cut -c 4-)/_ping"';

export function must(ran: Ran): string {
  expect(ran.status, ran.stderr).toBe(0);
  return ran.stdout.trim();
}

/** What a killed command had not finished is removed by a later one, when it is an hour old. */
export const isFinished = (name: string): boolean => !name.startsWith(".tetherdock-unfinished-");

/** No file below a folder that others can read. */
export function requirePrivate(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) expect(statSync(path).mode & 0o777, path).toBe(0o600);
  }
}

/** A gateway that can be killed at one of its calls. */
export interface MortalGateway {
  readonly gateway: GatewayStage;
  /** The gateway's calls while a command runs. */
  points(command: () => Promise<unknown>): Promise<readonly Point[]>;
  /** @returns what the command did while the gateway was killed at a call, and whether it was; it runs again then */
  killedAt<T>(at: Point, command: () => Promise<T>): Promise<{ readonly ran: T; readonly killed: boolean }>;
  isOver(): boolean;
  stop(): Promise<void>;
}

export async function startMortalGateway(stage: LaptopStage): Promise<MortalGateway> {
  let running: ChildProcess | null = null;
  const spawn = (command: string, args: readonly string[]) => {
    running = stage.spawn("env", [ONE_THREAD, command, ...args]);
    return running;
  };
  const gateway = await startGateway({ ...stage, spawn });
  const process = () => running as unknown as ChildProcess;
  const isOver = () => process().signalCode !== null || process().exitCode !== null;
  const output = join(stage.work, "attached");
  const attach = async (options: readonly string[]) => {
    const tracer = stage.spawn("strace", [...options, "-o", output, "-p", `${process().pid}`]);
    // A write of its own, such as when clients were last seen, may be the call: then it is gone before the command.
    const isTraced = () => isOver() || tracerOf(process().pid ?? 0) === tracer.pid;
    await expect.poll(isTraced, { timeout: 10_000 }).toBe(true);
    return tracer;
  };
  const detach = async (tracer: ChildProcess) => {
    if (!isOver()) tracer.kill("SIGINT");
    await endOf(tracer, "strace", process().pid);
  };
  return {
    gateway,
    isOver,
    async points(command) {
      const tracer = await attach(watching);
      await command().finally(() => detach(tracer));
      return pointsIn(readFileSync(output, "utf8"));
    },
    async killedAt(at, command) {
      const tracer = await attach(killing(at));
      const ran = await command().finally(() => detach(tracer));
      // It may have been killed after the command had its answer; nothing kills it from here on.
      const killed = isOver() || !isAlive(process().pid ?? 0);
      if (!isOver() && killed) await endOf(process(), "the gateway");
      if (killed) await gateway.resume();
      return { ran, killed };
    },
    async stop() {
      if (isOver()) await gateway.resume();
      await gateway.stop();
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** @returns 0: not all of its threads are traced, or it is gone */
function tracerOf(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((task) =>
      Number(/TracerPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/task/${task}/status`, "utf8"))?.[1]),
    );
    return threads.every((one) => one === threads[0]) ? (threads[0] ?? 0) : 0;
  } catch {
    return 0;
  }
}
