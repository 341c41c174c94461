import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { type RunningProcess, runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";
import { Wire } from "./support/wire.ts";

/** Most come by the local socket: ten thousand handshakes would be what is measured. */
const TLS = 1_000;
const PLAIN = 9_000;
const AT_A_TIME = 50;
const PATH = join(tmpdir(), `tetherdock-idle-${process.pid}.sock`);

let stage: Stage;
const plain: Socket[] = [];
beforeAll(async () => {
  stage = await Stage.make({
    limits: { connectionsPerClient: TLS + PLAIN + 10 },
    unix: PATH,
    run: (file) => runProcess(file, "ulimit -n $(ulimit -Hn)"),
  });
  stage.docker.answerAll(answer(200, "OK"));
});
afterAll(async () => {
  for (const socket of plain) socket.destroy();
  await stage.end();
});

/** Opens so many, some at a time. @returns KiB that the gateway has grown for each */
async function opened(count: number, open: () => Promise<void>): Promise<number> {
  const gateway = stage.gateway as RunningProcess;
  const before = await gateway.rss();
  let left = count;
  const some = async () => {
    while (left-- > 0) await open();
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, some));
  return (((await gateway.rss()) - before) * 1024) / count;
}

/** A socket's backlog may be full for a moment. */
async function connected(): Promise<Socket> {
  for (;;) {
    const socket = connect(PATH);
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    if (isOpen) return socket;
  }
}

async function served(client: Wire): Promise<number> {
  const start = performance.now();
  client.send(ask("/_ping"));
  await client.sees("OK");
  return performance.now() - start;
}

test("ten thousand idle connections use bounded memory and do not slow others", {
  timeout: 90_000,
}, async () => {
  const clients: Wire[] = [];
  const tls = await opened(TLS, async () => {
    clients.push(await stage.connect());
  });
  const local = await opened(PLAIN, async () => {
    plain.push(await connected());
  });
  // the last one has been accepted when it is served: so are all before it
  await served(new Wire(plain.at(-1) as Socket));
  const took = await served(await stage.connect("vera"));
  const rss = await (stage.gateway as RunningProcess).rss();
  console.log(
    `${TLS} idle by TLS ${tls.toFixed(0)} KiB each, ${PLAIN} by unix socket ${local.toFixed(0)} KiB each; RSS ${rss.toFixed(0)} MiB; one more is answered in ${took.toFixed(0)} ms`,
  );
  expect(tls).toBeLessThan(120);
  expect(local).toBeLessThan(40);
  await served(clients[0] as Wire);
  await served(new Wire(plain[0] as Socket));
});
