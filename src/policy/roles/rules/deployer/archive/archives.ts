/**
 * `docker cp`: files of the client's own containers, on engines where no advisory makes that a way to the host. The engine is
 * asked for its version at each call, so an upgrade or a downgrade counts from the next one on.
 */
import { fixedIn, parseRelease, unsafeOn } from "../../../../../engine/index.ts";
import type { Asking } from "../../../../asking.ts";
import type { HostBind } from "../../../../body/model/index.ts";
import { isPlainTar } from "../../../../body/tar.ts";
import { refusal } from "../../../../refusal.ts";
import type { RuleVerdict } from "../../../rule.ts";
import type { Judged } from "../judging.ts";
import { withOwnMounts } from "../volumes.ts";

const BACKPORT = ", or in a package of your distribution that the gateway cannot tell from this one";

/** @returns the advisories that make this operation unsafe on the engine as it is now; null: there are none */
export async function refuseByVersion(operation: string, { engine }: Asking): Promise<RuleVerdict | null> {
  const version = (await engine.version()) ?? "";
  const unsafe = unsafeOn(version, operation);
  if (unsafe.length === 0) return null;
  const ids = unsafe.map(({ id }) => id).join(", ");
  const is = version === "" ? "of unknown version" : version.slice(0, 64);
  const backport = (parseRelease(version)?.isDistribution ?? false) ? BACKPORT : "";
  return refusal(
    "engineAdvisory",
    `on this engine, ${is}, it can give root on the host: ${ids}; fixed in Docker ${fixedIn(unsafe)}${backport}; use docker exec with tar, or a volume`,
  );
}

/** The engine mounts the volumes of a container that does not run, too: they are looked at as when one is started (ADR 0022). */
export function archiveWith(binds: readonly HostBind[]): Judged {
  const judge = withOwnMounts(binds);
  return async (body, call, query, asking) =>
    (await refuseByVersion(call.operation.name, asking)) ?? judge(body, call, query, asking);
}

/** @returns null: the archive is sent as it is */
export function refuseEncoded({ contentEncoding }: Asking): RuleVerdict | null {
  return contentEncoding.some((encoding) => encoding !== "identity")
    ? refusal("encoding", "the archive has a Content-Encoding; send it without one")
    : null;
}

const NOT_PLAIN = refusal("archive", "the archive is compressed or not a tar; send a plain tar");

/**
 * The archive is forwarded as it came. Compressed ones are not needed: `docker cp` and docker-py send none.
 * @param then judges the container
 */
export const plainTarFor =
  (then: Judged): Judged =>
  (body, call, query, asking) =>
    refuseEncoded(asking) ?? (isPlainTar(body) ? then(body, call, query, asking) : NOT_PLAIN);
