/** The laptop's part of a change: what is staged, kept, and discarded. */
import { TetherdockError } from "../../../base/index.ts";
import type { AddressProof } from "../../../host/index.ts";
import { formatLine, type Line } from "../../../line/index.ts";
import { refreshContextsOf } from "../../lines/index.ts";
import type { UpPorts } from "../ports.ts";
import type { Prepared } from "../prepared.ts";
import { type Reissued, reissue } from "./reissue.ts";

/** A new line, whole, where no other command sees it. */
export async function stageLine({ lines }: UpPorts, { line, identity }: Prepared): Promise<void> {
  await lines.stage(line.name, {
    "line.json": formatLine(line),
    "docker/ca.pem": identity.ca,
    "docker/cert.pem": identity.certificate,
    "docker/key.pem": identity.key,
    "ca/ca-key.pem": identity.caKey,
  });
}

/** The CA that is to replace the line's, with its key: before the host knows it, so that it cannot be lost afterwards. */
export async function stageCa({ lines }: UpPorts, { line, identity }: Prepared): Promise<void> {
  const { staged } = identity.caChange;
  if (staged !== null) await lines.update(line.name, "ca/other-ca.pem", staged);
}

/** Another `up` that looked at the host in between may have kept it already. */
async function commitNew({ lines }: UpPorts, { name, id }: Line): Promise<void> {
  try {
    await lines.commit(name);
  } catch (error) {
    const isKept = (await lines.list()).includes(name) && (await lines.read(name)).id === id;
    if (!isKept) throw error;
  }
}

/** Takes back what was staged. If that fails, the next `up` does it: the user is told why this one failed. */
export async function discardStaged({ lines }: UpPorts, { name }: Line): Promise<void> {
  try {
    await lines.discard(name);
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
  }
}

/** The line with what was seen of its host: by these the next command recognises it. */
export function withHost(line: Line, serverKey: string, proofs: readonly AddressProof[]): Line {
  const reached = proofs.filter(({ named, required, state }) => !named && required && state === "proven");
  const reachedAt = reached.map(({ target }) => target.endpoint.host).toSorted();
  return { ...line, host: { ...line.host, serverKeys: [serverKey], reachedAt } };
}

/**
 * Before the host confirms: if the answer is lost, the next `up` must recognise the host by its new key, or by the old
 * one if the host has undone the change.
 */
export async function keepKey({ lines }: UpPorts, line: Line, before: Line | null): Promise<void> {
  if (!before) return lines.updatePending(line.name, "line.json", formatLine(line));
  const serverKeys = [...new Set([...line.host.serverKeys, ...before.host.serverKeys])];
  if (serverKeys.length === before.host.serverKeys.length) return;
  const both = { ...before, host: { ...before.host, serverKeys } };
  await lines.update(line.name, "line.json", formatLine(both));
}

/** The laptop's half, once the host is confirmed: one rename, or single files of a line that exists. */
export async function keepLine(ports: UpPorts, prepared: Prepared): Promise<readonly Reissued[]> {
  const { line, before, identity } = prepared;
  const { lines } = ports;
  if (!before) {
    await commitNew(ports, line);
    return [];
  }
  // First: whatever the old CA has signed is valid under both, if it is not replaced at once.
  for (const [file, text] of identity.caChange.kept) await lines.update(line.name, file, text);
  if (identity.fresh) await lines.update(line.name, "docker/cert.pem", identity.certificate);
  if (formatLine(line) !== formatLine(before)) await lines.update(line.name, "line.json", formatLine(line));
  for (const name of await refreshContextsOf(ports, line))
    ports.report({ kind: "notice", id: "context-refreshed", name });
  const { atOnce } = identity.caChange;
  if (atOnce === null) return [];
  const reissued = await reissue(ports, prepared, atOnce);
  await lines.update(line.name, ...atOnce.done);
  return reissued;
}

/** The host is as it was, and so is the line. If it cannot be written, the one key too many does no harm. */
export async function forgetKey({ lines }: UpPorts, before: Line): Promise<void> {
  try {
    if (formatLine(await lines.read(before.name)) !== formatLine(before))
      await lines.update(before.name, "line.json", formatLine(before));
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
  }
}
