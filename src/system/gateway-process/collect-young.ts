/** How the memory of what clients send comes back. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Of bytes of memory. Less would cost more in collections than it gains; more falls out of the cache. */
const BETWEEN_BYTES = 4 * 1024 * 1024;

type Collect = (options: { readonly type: "minor" }) => void;

/**
 * Has the young collected once for so many bytes: a third of a millisecond. Buffers are outside of V8's heap, and V8 by
 * itself lets 64 MiB of them pile up, or marks the whole heap for every 20 MiB.
 * @returns to be told how many bytes of buffers are not needed any more
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
