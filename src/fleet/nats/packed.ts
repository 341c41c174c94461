/**
 * A publication as it is in NATS: compressed, since the servers send it to every host. A thousand hosts' certificates and a
 * thousand clients are 800 KiB, and a quarter of that when packed.
 */
import { gunzipSync, gzipSync } from "node:zlib";
import { MOST_PUBLICATION } from "../store/index.ts";

export const pack = (publication: string): Uint8Array => gzipSync(publication);

/**
 * @param bytes from anybody
 * @returns the publication: no more than {@link MOST_PUBLICATION} bytes are unpacked, however many there are
 * @throws Error
 */
export function unpack(bytes: Uint8Array): string {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_PUBLICATION }).toString("utf8");
  } catch (error) {
    const { code } = error as { code?: string };
    throw new Error(
      code === "ERR_BUFFER_TOO_LARGE"
        ? `its list is longer than ${MOST_PUBLICATION} bytes`
        : "its list cannot be unpacked",
      { cause: error },
    );
  }
}
