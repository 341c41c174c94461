/** Who takes part when logs are gathered: programs that are started again, and a client that does something all the time. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { GatewayStage } from "./gateway-stage.ts";

/** Between two requests: a gateway is to have more to write, and not to be the load. */
const PAUSE_MS = 10;

/** Starts a program again whenever it has ended, as systemd does. */
export class Service {
  readonly #start: () => ChildProcess;
  #child: ChildProcess;
  #isOver = false;
  readonly statuses: (number | NodeJS.Signals)[] = [];

  constructor(start: () => ChildProcess) {
    this.#start = start;
    this.#child = this.#run();
  }

  #run(): ChildProcess {
    const child = this.#start();
    child.stdout?.resume();
    child.stderr?.resume();
    child.once("exit", (status, signal) => {
      this.statuses.push(status ?? signal ?? 0);
      if (!this.#isOver) this.#child = this.#run();
    });
    return child;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  }
}

/** Each has a number, and one record when it begins. */
export class Requests {
  readonly #host: GatewayStage;
  #last = 0;
  /** Numbers of those that were answered. */
  readonly answered: number[] = [];

  constructor(host: GatewayStage) {
    this.#host = host;
  }

  async one(): Promise<void> {
    this.#last += 1;
    const number = this.#last;
    const status = await this.#host.ask("POST", `/containers/s${number}/stop`).catch(() => null);
    if (status === 200) this.answered.push(number);
  }

  async until(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.one();
      await pause(PAUSE_MS);
    }
  }
}
