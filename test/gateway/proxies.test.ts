/** The proxies of docs/clients.md, as the page has them, in front of a gateway: nginx, HAProxy and Caddy of Debian. */
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Running } from "../support/running.ts";
import { ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";
import { Wire } from "./support/wire.ts";

const PAGE = new URL("../../docs/clients.md", import.meta.url);
const UPGRADE = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
const SWITCH = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

/** Ends the connection, so that a proxy asks what comes next over another one. */
const last = (body: string) =>
  `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

let stage: Stage;
let folder: string;
let page: string;
let proxy: Running | null = null;
const wires: Wire[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "proxies-"));
  page = await readFile(PAGE, "utf8");
  stage = await Stage.make();
  await stage.gateway.stop();
  await stage.useServer(await stage.identities.server("docker.test", stage.host));
  await stage.start();
  const { key, cert } = stage.person("anna");
  for (const [name, text] of Object.entries({
    "cert.pem": cert,
    "key.pem": key,
    "ca.pem": stage.identities.ca,
    "client.pem": `${cert}${key}`,
  }))
    await writeFile(join(folder, name), text, { mode: 0o600 });
});
afterEach(async () => {
  for (const wire of wires.splice(0)) wire.destroy();
  await proxy?.[Symbol.asyncDispose]();
  proxy = null;
});
afterAll(async () => {
  await stage.end();
  await rm(folder, { recursive: true });
});

/** The page's block, with this test's addresses and files. */
function block(title: string): string {
  const [, text] = new RegExp(`\`\`\`text\n(# ${title}[^]*?)\`\`\``).exec(page) ?? [];
  if (text === undefined) throw new Error(`docs/clients.md has no block of ${title}`);
  return text
    .replaceAll("127.0.0.1", stage.host)
    .replaceAll("vps.example:2376", `${stage.host}:${stage.port}`)
    .replace("proxy_ssl_verify ", "proxy_ssl_name docker.test; proxy_ssl_verify ") // nginx compares no addresses
    .replaceAll("/etc/docker-proxy", folder);
}

const PROXIES = {
  nginx: async () => {
    const conf = join(folder, "nginx.conf");
    const temps = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    const paths = temps.map((name) => `${name}_temp_path ${folder}/${name};`).join(" ");
    const own = `daemon off; master_process off; pid ${folder}/pid; error_log stderr notice; events {}`;
    await writeFile(conf, `${own} http { access_log off; ${paths}\n${block("nginx")} }`);
    return ["/usr/sbin/nginx", "-p", folder, "-c", conf] as const;
  },
  haproxy: async () => {
    await writeFile(join(folder, "haproxy.cfg"), block("HAProxy"));
    return ["/usr/sbin/haproxy", "-db", "-f", join(folder, "haproxy.cfg")] as const;
  },
  caddy: async () => {
    await writeFile(join(folder, "Caddyfile"), `{\n  admin off\n}\n${block("Caddy")}`);
    return [
      "/usr/bin/caddy",
      "run",
      "--config",
      join(folder, "Caddyfile"),
      "--adapter",
      "caddyfile",
    ] as const;
  },
};

async function open(): Promise<Wire> {
  const socket = connect({ host: stage.host, port: 2375, allowHalfOpen: true });
  await once(socket, "connect");
  const wire = new Wire(socket);
  wires.push(wire);
  return wire;
}

async function start(name: keyof typeof PROXIES): Promise<void> {
  const env = { PATH: process.env["PATH"], HOME: folder };
  proxy = new Running(await PROXIES[name](), { env, cwd: folder });
  await vi.waitFor(open, 20_000);
}

test.each(["nginx", "haproxy", "caddy"] as const)("%s", async (name) => {
  await start(name);

  const plain = await open();
  plain.send(ask("/v1.41/containers/json"));
  const first = await stage.docker.asked();
  first.send(last("[]"));
  await plain.sees("[]");

  // an upload, before it is whole
  const upload = await open();
  upload.send("POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  const build = await stage.docker.next();
  await build.sees("hello");
  upload.send("0\r\n\r\n");
  await build.sees("0\r\n\r\n");
  build.send(last("built"));
  await upload.sees("built");

  // an answer, before it is whole
  const events = await open();
  events.send(ask("/events"));
  const following = await stage.docker.asked();
  following.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nevent\r\n");
  await events.sees("event");

  const attach = await open();
  attach.send(ask("/containers/x/attach", "POST", UPGRADE));
  const container = await stage.docker.asked();
  container.send(`${SWITCH}out`);
  expect(await attach.sees("out")).toMatch(/^HTTP\/1.1 101 /);
  attach.send("in, and no HTTP \0\r\n\r\n");
  await container.sees("in, and no HTTP \0\r\n\r\n");
});

const GRPC = `POST /grpc HTTP/1.1\r\nHost: \r\nContent-Length: 0\r\n${UPGRADE.replace("tcp", "h2c")}\r\n`;

test.each(["haproxy", "caddy"] as const)("%s forwards an empty Host, as buildx sends it", async (name) => {
  await start(name);
  const build = await open();
  build.send(GRPC);
  const docker = await stage.docker.asked();
  docker.send(`${SWITCH.replace("tcp", "h2c")}out`);
  await build.sees("out");
  build.send("in");
  await docker.sees("in");
});

test("nginx refuses an empty Host itself, so buildx cannot build through it", async () => {
  await start("nginx");
  const build = await open();
  build.send(GRPC);
  expect(await build.rest()).toMatch(/^HTTP\/1.1 400 .*nginx/s);
});

test("nginx without its line for HTTP/1.1 gets an answer that names the line", async () => {
  page = page.replace("proxy_http_version 1.1;", "");
  await start("nginx");
  const wire = await open();
  wire.send(ask("/info"));
  expect(await wire.sees("proxy_http_version 1.1")).toContain(" 505 ");
});

test("nginx's usual WebSocket lines work for every request", async () => {
  page = (await readFile(PAGE, "utf8")).replace("$connection_upgrade;", '"upgrade";');
  await start("nginx");
  const wire = await open();
  wire.send(ask("/info"));
  const docker = await stage.docker.asked();
  docker.send(last("{}"));
  expect(await wire.sees("{}")).toContain(" 200 ");
});
