/**
 * Connections to Docker's local socket. They all read into one buffer, because a new buffer for each read is the
 * largest cost of a download.
 */
import { connect } from "node:net";
import type { ConnectUpstream } from "../../gateway/index.ts";

const READ_BYTES = 64 * 1024;

/** @param path of the socket */
export function connectUpstream(path: string): ConnectUpstream {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  return (onBytes) => {
    const callback = (size: number) => {
      onBytes(buffer.subarray(0, size));
      return true;
    };
    return connect({ path, allowHalfOpen: true, onread: { buffer, callback } });
  };
}
