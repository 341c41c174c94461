/** A store of a fleet: nginx, which serves one folder and takes receipts into another, as docs/fleet.md describes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../free-port.ts";

export interface StoreServer {
  /** For `fleet init`. */
  readonly flags: readonly string[];
  readonly folder: string;
  readonly receipts: string;
  /** `METHOD PATH STATUS` of each request. */
  asked(): readonly string[];
  /** Until {@link start}. */
  stop(): Promise<void>;
  remove(): Promise<void>;
  start(): Promise<void>;
}

export interface StoreCertificate {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** The lines in docs/fleet.md. */
export const LOCATIONS = (folder: string, receipts: string): string => `
    location = /acme/fleet.json { alias ${folder}/fleet.json; }
    location ~ "^/receipts/([A-Za-z0-9._-]+[.][0-9a-f]{32}[.]json)$" {
      alias ${receipts}/$1;
      limit_except PUT { deny all; }
      dav_methods PUT;
      dav_access user:rw group:r all:r;
      client_max_body_size 2k;
    }`;

async function isServing(address: string, port: number): Promise<boolean> {
  const socket = connect(port, address);
  const is = await Promise.race([once(socket, "connect"), once(socket, "error").then(() => null)]).catch(
    () => null,
  );
  socket.destroy();
  return is !== null;
}

/** @param certificate for the address */
export async function startStore(certificate: StoreCertificate, address = "127.0.0.1"): Promise<StoreServer> {
  const port = await freePort();
  const work = mkdtempSync(join(tmpdir(), "tetherdock-store-"));
  const at = (name: string) => join(work, name);
  const [folder, receipts, log] = [at("www"), at("receipts"), at("access.log")];
  for (const one of [folder, receipts, at("tmp")]) mkdirSync(one);
  writeFileSync(at("store-ca.pem"), certificate.ca);
  writeFileSync(at("store.pem"), certificate.cert);
  writeFileSync(at("store-key.pem"), certificate.key, { mode: 0o600 });
  writeFileSync(
    at("nginx.conf"),
    // Another user could not get into a TMPDIR of root's.
    `user root; worker_processes 1; daemon off; pid ${at("pid")}; error_log ${at("error.log")};
events {}
http {
  log_format asked '$request_method $uri $status'; access_log ${log} asked;
  client_body_temp_path ${at("tmp")};
  server {
    listen ${address}:${port} ssl;
    ssl_certificate ${at("store.pem")}; ssl_certificate_key ${at("store-key.pem")};${LOCATIONS(folder, receipts)}
  }
}`,
  );
  let child: ChildProcess | null = null;
  const stop = async () => {
    if (child === null || child.exitCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  const start = async () => {
    child = spawn("/usr/sbin/nginx", ["-p", work, "-c", at("nginx.conf")], { stdio: "ignore" });
    while (!(await isServing(address, port))) {
      if (child.exitCode !== null) throw new Error(readFileSync(at("error.log"), "utf8"));
      await setTimeout(20);
    }
  };
  await start();
  const url = `https://${address}:${port}`;
  return {
    flags: [
      ...["--store", `${url}/acme`, "--store-ca", at("store-ca.pem"), "--folder", folder],
      ...["--receipts", `${url}/receipts`, "--receipts-folder", receipts],
    ],
    folder,
    receipts,
    asked: () => readFileSync(log, "utf8").split("\n").filter(Boolean),
    stop,
    async remove() {
      await stop();
      rmSync(work, { recursive: true });
    },
    start,
  };
}
