/** Serves one client of a line: answers its first ping, then joins it to a connection of its own. */
import type { Socket } from "node:net";
import { readOpening, refusalAnswer } from "../../agent/index.ts";
import type { Spare } from "./open-spare.ts";
import { splice } from "./splice.ts";

/** Bytes of a refused upload that are read, so that its client reads the refusal. */
const DRAIN_MS = 2_000;

export interface ClientPorts {
  /** @throws why there is none */
  take(): Promise<Spare>;
  /** The answer to a request for the state of the line. */
  state(): string;
  /** Ends the agent, and this client's connection with it. */
  stop(): void;
}

function stop(client: Socket, ports: ClientPorts): void {
  client.on("error", () => client.destroy()).resume();
  client.write(ports.state());
  ports.stop();
}

/** Sends an answer and closes; what the client still sends is dropped for a moment. */
export function refuse(client: Socket, answer: string): void {
  client.on("error", () => client.destroy());
  client.end(answer);
  client.resume();
  const timer = setTimeout(() => client.destroy(), DRAIN_MS);
  client.once("close", () => clearTimeout(timer));
}

const HEAD = Buffer.from("HEAD ");

/** @param client allows half-open, paused, nothing read yet */
export function serveClient(client: Socket, ports: ClientPorts): void {
  let held: Buffer = Buffer.alloc(0);
  const destroy = () => client.destroy();
  const settle = (isEnd: boolean) => {
    const opening = readOpening(held);
    if (opening.kind === "more" && !isEnd) return;
    client.off("data", onData).off("end", onEnd).off("error", destroy);
    client.pause();
    if (opening.kind === "status") refuse(client, ports.state());
    else if (opening.kind === "stop") stop(client, ports);
    else void join(client, ports, held, opening.kind === "ping" ? opening.length : 0, isEnd);
  };
  const onData = (bytes: Buffer) => {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    settle(false);
  };
  // A client that ends without a word wanted nothing.
  const onEnd = () => (held.length === 0 ? client.destroy() : settle(true));
  client.on("data", onData).on("end", onEnd).on("error", destroy).resume();
}

/** @param ping bytes of the request that is answered here */
async function join(
  client: Socket,
  ports: ClientPorts,
  held: Buffer,
  ping: number,
  isEnd: boolean,
): Promise<void> {
  const cut = () => client.destroy();
  client.on("error", cut);
  let spare: Spare;
  try {
    spare = await ports.take();
  } catch (error) {
    const isHead = held.subarray(0, HEAD.length).equals(HEAD);
    return refuse(client, refusalAnswer(502, (error as Error).message, isHead));
  }
  client.off("error", cut);
  if (client.destroyed) return void spare.socket.destroy();
  if (ping > 0) client.write(spare.answer);
  if (held.length > ping) spare.socket.write(held.subarray(ping));
  splice(client, spare.socket);
  if (isEnd) spare.socket.end();
}
