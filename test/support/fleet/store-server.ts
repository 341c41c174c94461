/**
 * A store of a fleet: nginx, which serves one folder and takes receipts into another, as docs/fleet.md describes; or only serves
 * the folder.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { Running } from "../running.ts";

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

const PAGE = readFileSync(new URL("../../../docs/fleet.md", import.meta.url), "utf8");

/** What docs/fleet.md tells readers to write, with folders of the test. */
function locations(folder: string, receipts: string): string {
  const text = /^```text\n(location [^`]+)^```$/m.exec(PAGE)?.[1];
  if (text === undefined) throw new Error("docs/fleet.md has no lines for nginx");
  return text.replaceAll("/srv/www/acme", folder).replaceAll("/srv/receipts", receipts);
}

/** A static server: it has one folder, and takes nothing. */
const staticOnly = (folder: string): string =>
  `location /acme/ { alias ${folder}/; limit_except GET { deny all; } }\n`;

/** @param certificate for the address @param takes whether it takes receipts; false: it is a static server */
export async function startStore(
  certificate: StoreCertificate,
  address = "127.0.0.1",
  takes = true,
): Promise<StoreServer> {
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
    `user root; worker_processes 1; daemon off; pid ${at("pid")}; error_log stderr notice;
events {}
http {
  log_format asked '$request_method $uri $status'; access_log ${log} asked;
  client_body_temp_path ${at("tmp")};
  server {
    listen ${address}:${port} ssl;
    ssl_certificate ${at("store.pem")}; ssl_certificate_key ${at("store-key.pem")};
${takes ? locations(folder, receipts) : staticOnly(folder)}  }
}`,
  );
  let running: Running | null = null;
  const stop = async () => {
    // Not SIGKILL, which would leave its worker.
    running?.kill("SIGTERM");
    await running?.ended;
  };
  const start = async () => {
    running = new Running(["/usr/sbin/nginx", "-p", work, "-c", at("nginx.conf")], {
      env: process.env,
      cwd: work,
    });
    // It listens before it starts them.
    await running.until(/start worker processes/);
  };
  await start();
  const url = `https://${address}:${port}`;
  return {
    flags: [
      ...["--store", `${url}/acme`, "--store-ca", at("store-ca.pem"), "--folder", folder],
      ...(takes ? ["--receipts", `${url}/receipts`, "--receipts-folder", receipts] : []),
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
