import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";

const RANGE = "/proc/sys/net/ipv4/ip_local_port_range";
const [lowest = 32_768] = readFileSync(RANGE, "utf8").split(/\s/).map(Number);
const FIRST = 10_000;
const TRIES = 50;

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "0.0.0.0");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}

/**
 * A port that was free a moment ago, for a program that has to be told one. Below those that the kernel gives to outgoing
 * connections: one of them could take it in the meantime.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = FIRST + Math.floor(Math.random() * (lowest - FIRST));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port from ${FIRST} to ${lowest}`);
}
