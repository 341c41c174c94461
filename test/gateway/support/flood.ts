/** A process that shakes hands with a gateway as fast as it can, and has no certificate. `flood.ts HOST PORT CONCURRENCY` */
import { connect as connectTcp } from "node:net";
import { connect } from "node:tls";

const [host = "", port = "", concurrency = ""] = process.argv.slice(2);

/** Of how many addresses it comes. */
const ADDRESSES = 8;
let shaken = 0;

function again(index: number): void {
  const below = connectTcp({ host, port: Number(port), localAddress: `127.9.9.${(index % ADDRESSES) + 1}` });
  const socket = connect({ socket: below, rejectUnauthorized: false });
  below.on("error", () => socket.destroy());
  socket.on("error", () => {});
  socket.on("close", () => {
    shaken++;
    again(index);
  });
  socket.resume();
}

for (let index = 0; index < Number(concurrency); index++) again(index);
setInterval(() => process.stdout.write(`${shaken}\n`), 100);
