/** A socket file remains after its listener has ended, and the next listener cannot use its path. */
import { once } from "node:events";
import { lstat, rm } from "node:fs/promises";
import { connect } from "node:net";
import { errorCodeOf } from "../files/file-error.ts";

/** Removes a socket file that nobody listens on: a killed process left it. Anything else stays. */
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
