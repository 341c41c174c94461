/**
 * The hosts of a fleet as far as their audit logs go: the gateway's writer for each, and its part of the admin API behind one
 * plain HTTP server. Arguments: the folder of all logs, hosts. Says `port N`. Each line that it is given is how many records each
 * log shall have; it says `written N` when they do, and ends when there are no more lines. Started again after it was killed, it
 * goes on where each log ends.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { readAuditCall } from "../../../src/gateway/admin/audit-call.ts";
import { openAuditFile } from "../../../src/system/audit-log/file.ts";
import { readAudit } from "../../../src/system/audit-log/reader.ts";
import { auditReader } from "../../../src/system/gateway-process/audit-reader.ts";
import { sampleEvent } from "../../system/audit-sample.ts";

const [folder = "", hosts = "1"] = process.argv.slice(2);
/** Records of a turn: a busy gateway's block. */
const TURN = 50;

function fail(why: string | null): void {
  if (why === null) return;
  process.stderr.write(`${why}\n`);
  process.exit(9);
}

async function openHost(at: number) {
  const directory = join(folder, `host-${at}`);
  const options = { rotateBytes: 1024 * 1024, keep: 1_000, syncMs: 1_000 };
  const log = await openAuditFile({ directory, ...options, clock: Date.now, onFailure: fail });
  let last = 0;
  for await (const line of readAudit(directory, {})) if (!line.includes('"event":"gateway"')) last += 1;
  return { directory, log, last };
}

const all = await Promise.all(Array.from({ length: Number(hosts) }, (_, at) => openHost(at)));

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "", "http://host/");
  const [, host = "", path = ""] = /^\/(\d+)\/audit\/(.*)$/.exec(url.pathname) ?? [];
  const parts = { audit: auditReader(all[Number(host)]?.directory ?? "") };
  const asked = { query: url.searchParams } as Parameters<typeof readAuditCall>[1];
  void readAuditCall(parts as Parameters<typeof readAuditCall>[0], asked, path).then((answer) => {
    response.statusCode = answer.status;
    response.end(JSON.stringify("value" in answer ? answer.value : null));
  });
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);

/** Actions and reads, as a gateway has them. */
function writeSome(most: number): void {
  for (const host of all)
    for (let turn = 0; turn < TURN && host.last < most; turn++) {
      host.last += 1;
      host.log.record(sampleEvent(host.last), host.last % 3 === 0 ? "reads" : "actions");
    }
}

for await (const line of createInterface({ input: process.stdin })) {
  const most = Number(line);
  while (all.some(({ last }) => last < most)) {
    writeSome(most);
    await wait(5);
  }
  process.stdout.write(`written ${most}\n`);
}
await Promise.all(all.map(({ log }) => log.close()));
process.stdout.write("closed\n");
