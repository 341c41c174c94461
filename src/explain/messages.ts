/** Every message that `explain` knows, by who says it. */
import type { Message } from "./entry.ts";
import { between } from "./messages/between.ts";
import { curl } from "./messages/curl.ts";
import { curlNet } from "./messages/curl-net.ts";
import { dockerCli } from "./messages/docker-cli.ts";
import { dockerCliSetup } from "./messages/docker-cli-setup.ts";
import { dockerPy } from "./messages/docker-py.ts";
import { dockerd } from "./messages/dockerd.ts";
import { gateway } from "./messages/gateway.ts";
import { goHttp } from "./messages/go-http.ts";
import { goNet } from "./messages/go-net.ts";
import { goServer } from "./messages/go-server.ts";
import { goTls } from "./messages/go-tls.ts";
import { goX509 } from "./messages/go-x509.ts";
import { nodeNet } from "./messages/node-net.ts";
import { nodeTls } from "./messages/node-tls.ts";
import { openssl } from "./messages/openssl.ts";
import { opensslVerify } from "./messages/openssl-verify.ts";
import { pythonNet } from "./messages/python-net.ts";
import { pythonSsl } from "./messages/python-ssl.ts";
import { pythonVerify } from "./messages/python-verify.ts";
import { ssh } from "./messages/ssh.ts";
import { systemd } from "./messages/systemd.ts";

/** The families, in the order of the docs. Where two matches are equally long, the earlier one counts. */
export const families: readonly (readonly [string, readonly Message[]])[] = [
  ["Go: TLS (docker, buildx, compose 2)", goTls],
  ["Go: certificates", goX509],
  ["Go: connections", goNet],
  ["Go: HTTP", goHttp],
  ["Go as a server: dockerd's log", goServer],
  ["tetherdock's gateway", gateway],
  ["Proxies, plugins and libraries between", between],
  ["The docker CLI and the daemon", dockerCli],
  ["The docker CLI's own files", dockerCliSetup],
  ["dockerd", dockerd],
  ["systemd", systemd],
  ["ssh", ssh],
  ["curl: TLS", curl],
  ["curl: connections", curlNet],
  ["Python: certificates", pythonVerify],
  ["Python: TLS", pythonSsl],
  ["docker-py and docker-compose 1.x", dockerPy],
  ["Python: connections and HTTP", pythonNet],
  ["Node.js: TLS", nodeTls],
  ["Node.js: connections", nodeNet],
  ["OpenSSL", openssl],
  ["OpenSSL: verification", opensslVerify],
];

export const messages: readonly Message[] = families.flatMap(([, family]) => family);
