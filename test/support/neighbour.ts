/** A network namespace on the test hosts' network, for a server that they reach: test/hosts/neighbour. */
import { fileURLToPath } from "node:url";
import { mustRun, run } from "./run.ts";

const NEIGHBOUR = fileURLToPath(new URL("../hosts/neighbour", import.meta.url));

export class Neighbour implements AsyncDisposable {
  readonly #name: string;
  readonly address: string;

  private constructor(name: string, address: string) {
    this.#name = name;
    this.address = address;
  }

  /** A host must run: without one there is no network. */
  static async make(): Promise<Neighbour> {
    const [name = "", address = ""] = (await mustRun([NEIGHBOUR, "up", `${process.pid}`])).split(" ");
    return new Neighbour(name, address);
  }

  /** A command that runs another one in it. */
  get inside(): readonly string[] {
    return ["ip", "netns", "exec", this.#name];
  }

  /** @returns the status that a web server answers with to a request from here; null: none */
  async asks(url: string): Promise<string | null> {
    const curl = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "2", url];
    const { stdout, status } = await run(["ip", "netns", "exec", this.#name, ...curl]);
    return status === 0 ? stdout : null;
  }

  /** No packet comes in or goes out until {@link mend}. */
  async cut(): Promise<void> {
    await mustRun([NEIGHBOUR, "cut", this.#name]);
  }

  async mend(): Promise<void> {
    await mustRun([NEIGHBOUR, "mend", this.#name]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await mustRun([NEIGHBOUR, "down", this.#name]);
  }
}
