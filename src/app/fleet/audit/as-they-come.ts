/** Records of many hosts as one stream, in the order in which they come. */
import { TetherdockError } from "../../../base/index.ts";

export interface HostRecord {
  readonly host: string;
  /** JSON. */
  readonly record: string;
}

interface Waiting extends HostRecord {
  /** The host's next record may come. */
  readonly taken: () => void;
}

/**
 * Each host has at most one record that waits. A race over all hosts for each record would keep a reaction for each in the
 * promise of every quiet host.
 * Whoever leaves it ends the streams at their next record; a silent one ends by its own signal.
 * @param onError a host's stream has ended; the others go on
 */
export async function* asTheyCome(
  streams: ReadonlyMap<string, AsyncIterable<string>>,
  onError: (host: string, error: TetherdockError) => void,
): AsyncGenerator<HostRecord> {
  const ready: Waiting[] = [];
  let wake = Promise.withResolvers<void>();
  let open = streams.size;
  let failure: { readonly error: unknown } | null = null;
  let isLeft = false;
  const pump = async (host: string, records: AsyncIterable<string>) => {
    try {
      for await (const record of records) {
        if (isLeft) break;
        const { promise, resolve } = Promise.withResolvers<void>();
        ready.push({ host, record, taken: resolve });
        wake.resolve();
        await promise;
        if (isLeft) break;
      }
    } catch (error) {
      if (error instanceof TetherdockError) onError(host, error);
      else failure ??= { error };
    } finally {
      open -= 1;
      wake.resolve();
    }
  };
  for (const [host, records] of streams) void pump(host, records);
  let read: Waiting | undefined;
  try {
    for (;;) {
      for (read = ready.shift(); read !== undefined; read = ready.shift()) {
        yield { host: read.host, record: read.record };
        read.taken();
      }
      if (failure !== null) throw (failure as { error: unknown }).error;
      if (open === 0) return;
      await wake.promise;
      wake = Promise.withResolvers();
    }
  } finally {
    isLeft = true;
    read?.taken();
    for (const { taken } of ready) taken();
  }
}
