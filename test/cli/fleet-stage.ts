/** What tests of a fleet with real gateways do: run `fleet`, make clients, and start the fleet processes. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import type { ClientRequest } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "vitest";
import { makeKeyPair } from "../../src/pki/index.ts";
import type { GatewayStage } from "./gateway-stage.ts";
import type { LaptopStage } from "./laptop-stage.ts";

/** Asks a host's engine as one client. @param path by default, the containers */
export type Asks = (host: GatewayStage, path?: string) => ClientRequest;

export async function statusOf(asking: ClientRequest): Promise<number> {
  const [answer] = await once(asking, "response");
  await text(answer);
  return answer.statusCode;
}

/** @param laptop of the operator, once it is made */
export function fleetStage(laptop: () => LaptopStage) {
  /** Runs `tetherdock fleet`. */
  const fleet = async (...args: string[]) => {
    const { stdout, stderr, status } = await laptop().run("tetherdock", "fleet", ...args);
    return { stdout, stderr, status };
  };
  /** The fleet processes that run. */
  const followers: ChildProcess[] = [];
  return {
    fleet,
    followers,
    /** Adds a client to the fleet, with a key made here. @param expected of the command */
    async enrol(name: string, role = "viewer", expected: object = { status: 0 }): Promise<Asks> {
      const { publicKey, privateKey: key } = makeKeyPair();
      const { work } = laptop();
      const [file, out] = [join(work, `${name}.pub`), join(work, name)];
      writeFileSync(file, publicKey);
      const added = await fleet("client", "add", name, "--role", role, "--public-key", file, "--out", out);
      expect(added, added.stderr).toMatchObject(expected);
      return ({ line, port }, path = "/containers/json") => {
        const read = (one: string) => readFileSync(join(out, line, one), "utf8");
        const tls = { ca: read("ca.pem"), cert: read("cert.pem"), key };
        return request({ host: "127.0.0.1", port, path, ...tls, agent: false }).end();
      };
    },
    /** Starts the fleet process with the gateway's file, as systemd does. */
    follow({ folder }: GatewayStage): void {
      const link = join(folder, "fleet-store.json");
      const child = laptop().spawn("tetherdock", ["fleet", "host", "--link", link]);
      child.stderr?.resume();
      child.stdout?.resume();
      followers.push(child);
    },
    stopFollowing(): void {
      for (const child of followers) child.kill("SIGTERM");
    },
    /** The operator's line leads nowhere any more, as with a host behind NAT. */
    cutLine({ line }: GatewayStage): void {
      const path = join(laptop().home, "lines", line, "line.json");
      writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), port: 1 }));
    },
  };
}
