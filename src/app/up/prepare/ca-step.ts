/** Which of the states of ADR 0032 an `up` leads to, by what was asked, what this machine keeps, and what the host has. */
import type { LineMode } from "../../../line/index.ts";
import { authorityKeys, readCertificate } from "../../../pki/index.ts";
import type { NextCa, OtherCa } from "./other-ca.ts";

/** What was asked for. */
export type CaWish = "new" | "finish" | null;

export type CaStep =
  /** The line's CA alone, or with the one that it has replaced. */
  | { readonly kind: "one"; readonly former: string | null; readonly isOver: boolean }
  /** The next CA is offered to clients; null: it has to be made. */
  | { readonly kind: "offer"; readonly next: NextCa | null }
  /** The next CA takes the place of the old. */
  | { readonly kind: "switch"; readonly next: NextCa }
  /** In native mode, a new CA takes the place of the old one at once; null: it has to be made. */
  | { readonly kind: "replace"; readonly next: NextCa | null }
  | { readonly kind: "nothing-offered" }
  /** The CA before the line's is still valid for clients. */
  | { readonly kind: "too-soon"; readonly until: number }
  /** Another machine, or one of which this is an older copy, has replaced this one's CA. */
  | { readonly kind: "behind" };

/** Nothing stands in its way. */
export type PossibleStep = Extract<CaStep, { readonly kind: "one" | "offer" | "switch" | "replace" }>;

const keyOf = (pem: string) => readCertificate(pem).publicKeyFingerprint;

/** What decides. */
export interface CaSituation {
  readonly mode: LineMode;
  readonly wish: CaWish;
  /** The line's `ca.pem` here. */
  readonly kept: string;
  readonly other: OtherCa | null;
  /** The host's `ca.pem`; null: it has none. */
  readonly hostCa: string | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** `tetherdock NAME ` of a CA, without what is random in it. */
const lineOf = (pem: string): string => readCertificate(pem).subject.replace(/[0-9a-f]+$/, "");

/** On the host, a CA of this line that this machine does not know: before its own, or in native mode in its place. */
function isBehind({ mode, kept, other, hostCa }: CaSituation): boolean {
  const [first, ...more] = authorityKeys(hostCa ?? "");
  const own = authorityKeys(kept);
  // The one that this machine has replaced comes back with a backup of the host, and whoever was revoked gets in again.
  if (other?.kind === "next" || (other !== null && mode === "native")) own.push(keyOf(other.certificate));
  if (hostCa === null || first === undefined || own.includes(first)) return false;
  return more.some((key) => own.includes(key)) || (mode === "native" && lineOf(hostCa) === lineOf(kept));
}

/** Begun at once, by whichever mode. What never reached the host counts for nothing: nobody has seen it. */
function replacing({ mode, wish, kept, other, hostCa }: CaSituation): CaStep | null {
  if (other?.kind === "next" && other.revokes !== undefined) {
    const key = keyOf(other.certificate);
    const isDone = authorityKeys(hostCa ?? "")[0] === key || authorityKeys(kept)[0] === key;
    if (isDone) return { kind: "replace", next: other };
  }
  return mode === "native" && wish === "new" ? { kind: "replace", next: null } : null;
}

export function caStep(situation: CaSituation): CaStep {
  const { wish, kept, hostCa, now } = situation;
  // Its clients have dropped the CA that this machine would bring back.
  if (isBehind(situation)) return { kind: "behind" };
  const replaced = replacing(situation);
  if (replaced !== null) return replaced;
  const { other: found } = situation;
  const other = found?.kind === "next" && found.revokes !== undefined ? null : found;
  if (other?.kind === "next") {
    const key = keyOf(other.certificate);
    const onHost = authorityKeys(hostCa ?? "");
    // Interrupted after the host had confirmed: this machine follows.
    const isDone = onHost[0] === key || authorityKeys(kept)[0] === key;
    const isOffered = onHost.includes(key);
    if (isDone || (wish === "finish" && isOffered)) return { kind: "switch", next: other };
    if (wish === "new" || (wish === null && isOffered)) return { kind: "offer", next: other };
  } else if (wish === "new")
    return other !== null && now < other.until
      ? { kind: "too-soon", until: other.until }
      : { kind: "offer", next: null };
  const former = other?.kind === "former" ? other : null;
  // With a former one it is finished: whoever types it again was interrupted, or missed the output.
  if (wish === "finish" && former === null) return { kind: "nothing-offered" };
  const isOver = former !== null && now >= former.until;
  return { kind: "one", former: former === null || isOver ? null : former.certificate, isOver };
}
