/** A client that ends TLS and not TCP: what Go's `tls.Conn.CloseWrite` sends, and Node never does by itself. */
import { connect } from "node:net";
import { Duplex } from "node:stream";
import type { Stage } from "./stage.ts";

/** @returns what TLS is put on, with `options` for {@link Stage.connect} */
export function notifyOnly(stage: Stage) {
  const socket = connect({ host: stage.host, port: stage.port, allowHalfOpen: true });
  const below = new Duplex({
    allowHalfOpen: true,
    read: () => void socket.resume(),
    write: (bytes, _encoding, done) => void socket.write(bytes, done),
    final: (done) => done(),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on("data", (bytes) => below.push(bytes));
  socket.on("end", () => below.push(null));
  socket.on("error", (error) => below.destroy(error));
  return { socket, options: { socket: below as unknown as import("node:net").Socket } };
}
