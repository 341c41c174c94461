/** Socket files outlive whoever listened behind them, and are in the way of the next. */
import { once } from "node:events";
import { lstat, rm } from "node:fs/promises";
import { connect } from "node:net";
import { errorCodeOf } from "../../files/file-error.ts";

/** A socket file that nobody listens behind is left over from a run that was killed. Anything else is somebody's. */
export async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isSocket()) return;
  const socket = connect(path);
  const answer = await Promise.race([
    once(socket, "connect").then(() => "alive"),
    once(socket, "error").then(([error]) => errorCodeOf(error)),
  ]).catch(errorCodeOf);
  socket.destroy();
  if (answer === "ECONNREFUSED") await rm(path, { force: true });
}
