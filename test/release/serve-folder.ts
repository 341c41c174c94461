/** A folder of files at an https address of this machine, with a certificate that nobody trusts unless told. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { mustRun } from "../support/run.ts";
import { temporaryFolder } from "./release-folder.ts";

export interface FolderServer extends AsyncDisposable {
  readonly address: string;
  /** The file of its certificate. */
  readonly certificate: string;
}

export async function serveFolder(folder: string): Promise<FolderServer> {
  const own = await temporaryFolder();
  const [key, certificate] = [join(own, "key.pem"), join(own, "certificate.pem")];
  const kind = "-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=files".split(" ");
  const files = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate];
  await mustRun(["openssl", "req", ...kind, ...files]);
  const identity = { key: await readFile(key), cert: await readFile(certificate) };
  const server = createServer(identity, async ({ url = "" }, response) => {
    const bytes = await readFile(join(folder, basename(url))).catch(() => null);
    response.writeHead(bytes ? 200 : 404).end(bytes ?? "");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificate,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
