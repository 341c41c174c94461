/** Frees the memory of buffers that held clients' data. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Bytes between two collections. With less, collections cost more than they gain; more does not fit into the CPU's
 * cache.
 */
const BETWEEN_BYTES = 4 * 1024 * 1024;

type Collect = (options: { readonly type: "minor" }) => void;

/**
 * Runs a minor collection, which takes a third of a millisecond, for every 4 MiB of released buffers. Buffers are
 * outside V8's heap: by itself V8 lets 64 MiB of them pile up, or marks the whole heap for every 20 MiB.
 * @returns a function to call with the number of bytes of buffers that are no longer needed
 */
export function youngCollector(): (bytes: number) => void {
  setFlagsFromString("--expose-gc");
  const collect: Collect = runInNewContext("gc");
  let left = BETWEEN_BYTES;
  return (bytes) => {
    left -= bytes;
    if (left > 0) return;
    left = BETWEEN_BYTES;
    collect({ type: "minor" });
  };
}
