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
  const pump = async (host: string, records: AsyncIterable<string>) => {
    try {
      for await (const record of records) {
        const { promise, resolve } = Promise.withResolvers<void>();
        ready.push({ host, record, taken: resolve });
        wake.resolve();
        await promise;
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
  for (;;) {
    for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
      yield { host: next.host, record: next.record };
      next.taken();
    }
    if (failure !== null) throw (failure as { error: unknown }).error;
    if (open === 0) return;
    await wake.promise;
    wake = Promise.withResolvers();
  }
}
