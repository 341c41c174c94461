/**
 * Starts of processes that dockerd has not answered yet, by client. To start one, dockerd opens the container's /etc/passwd.
 * If that is a named pipe, it waits for ever, with a thread that no hang-up ends, and at 10,000 threads dockerd crashes. So
 * each client may have only some, and one whose client has left still counts until dockerd answers it. The stream of an exec counts
 * until its first byte: dockerd upgrades the connection before it starts the process.
 */
import type { OperationCall } from "../../engine/index.ts";

const STARTS: ReadonlySet<string> = new Set(["ContainerStart", "ContainerRestart", "ExecStart"]);

export const isStart = (call: OperationCall | null): boolean =>
  call !== null && STARTS.has(call.operation.name);

export class Starts {
  readonly #perClient: number;
  readonly #counts = new Map<string, number>();

  constructor(perClient: number) {
    this.#perClient = perClient;
  }

  /** Whether the client may begin one more. */
  mayBegin(owner: string): boolean {
    return this.of(owner) < this.#perClient;
  }

  of(owner: string): number {
    return this.#counts.get(owner) ?? 0;
  }

  /** @returns to be called when dockerd has answered or closed the connection; further calls have no effect */
  begin(owner: string): () => void {
    this.#counts.set(owner, this.of(owner) + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = this.of(owner) - 1;
      if (left === 0) this.#counts.delete(owner);
      else this.#counts.set(owner, left);
    };
  }
}
