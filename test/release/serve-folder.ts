/** A folder of files at an https address of this machine, with a certificate that nobody trusts unless told. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer as createPlainServer, type RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { basename, join } from "node:path";
import { mustRun } from "../support/run.ts";
import { temporaryFolder } from "./release-folder.ts";

export interface FolderServer extends AsyncDisposable {
  readonly address: string;
  /** The file of its certificate. */
  readonly certificate: string;
}

async function addressOf(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** @param how `leadsToHttp`: it redirects to plain http, where the files are */
export async function serveFolder(
  folder: string,
  how: "here" | "leadsToHttp" = "here",
): Promise<FolderServer> {
  const own = await temporaryFolder();
  const [key, certificate] = [join(own, "key.pem"), join(own, "certificate.pem")];
  const kind = "-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=files".split(" ");
  const files = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate];
  await mustRun(["openssl", "req", ...kind, ...files]);
  const identity = { key: await readFile(key), cert: await readFile(certificate) };
  const serve: RequestListener = async ({ url = "" }, response) => {
    const bytes = await readFile(join(folder, basename(url))).catch(() => null);
    response.writeHead(bytes ? 200 : 404).end(bytes ?? "");
  };
  const plain = createPlainServer(serve);
  const location = `http://${await addressOf(plain)}`;
  const redirect: RequestListener = ({ url }, response) =>
    void response.writeHead(302, { location: `${location}${url}` }).end();
  const server = createServer(identity, how === "here" ? serve : redirect);
  return {
    address: `https://${await addressOf(server)}`,
    certificate,
    [Symbol.asyncDispose]: async () => {
      for (const one of [server, plain]) {
        one.close();
        one.closeAllConnections();
      }
    },
  };
}
