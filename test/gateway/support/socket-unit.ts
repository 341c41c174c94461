/** A gateway started by socket activation, and started again: as by systemd, without systemd. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { MAIN } from "../../support/program.ts";

const SCRIPT = new URL("socket-unit.py", import.meta.url).pathname;

export interface SocketUnit {
  /** @returns when the service is ready; rejects with what it said when it ends instead */
  start(): Promise<void>;
  /** @returns when the service has ended; the sockets stay */
  stop(): Promise<void>;
  /** Ends both. */
  end(): Promise<void>;
}

/** @param addresses `HOST:PORT` or paths @param file gateway.json */
export async function socketUnit(addresses: readonly string[], file: string): Promise<SocketUnit> {
  const service = [process.execPath, MAIN, "gateway", "run", "--config", file];
  const child = spawn("python3", [SCRIPT, addresses.join(","), ...service], { stdio: "pipe" });
  let out = "";
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    child.emit("said");
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    child.emit("said");
  });
  const until = async (found: () => boolean) => {
    while (!found()) await once(child, "said");
  };
  await until(() => out.includes("listening"));
  return {
    async start() {
      said = "";
      child.stdin.write("start\n");
      await until(() => /^ready:|error:/m.test(said));
      if (!/^ready:/m.test(said)) throw new Error(said);
    },
    async stop() {
      out = "";
      child.stdin.write("stop\n");
      await until(() => out.includes("ended"));
    },
    async end() {
      child.stdin.end();
      await once(child, "close");
    },
  };
}
