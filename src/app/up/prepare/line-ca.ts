/** The CAs of a line as `up` makes them: which signs, what the host and this machine get as `ca.pem` (ADR 0032). */
import { DAY_MS } from "../../../base/index.ts";
import type { LineFile } from "../../../line/index.ts";
import {
  type Authority,
  authorityDue,
  crossCertify,
  formatBundle,
  LEAF_LIFETIME_MS,
  makeAuthority,
  openAuthority,
  readCertificate,
  renewAuthority,
} from "../../../pki/index.ts";
import type { CaChange } from "../prepared.ts";
import type { CaStep, PossibleStep } from "./ca-step.ts";
import { formatOtherCa, type NextCa } from "./other-ca.ts";

export interface LineCa extends CaChange {
  /** Signs from now on. */
  readonly authority: Authority;
  /** What this machine trusts: the line's `ca.pem`. */
  readonly ca: string;
  readonly caKey: string;
}

/** What is there. */
export interface KeptCa {
  readonly ca: string;
  readonly caKey: string;
  /** The line's CA, opened; of a dry run with a locked key, a stand-in. */
  readonly old: Authority;
  readonly passphrase?: string;
  /** Of a new CA. */
  readonly subject: string;
  /** Clients that get no certificate of a CA that replaces the line's at once. */
  readonly revokes: readonly string[];
  readonly now: number;
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const bundle = (authorities: readonly string[], crosses: readonly string[] = []) =>
  formatBundle({ authorities, crosses });

/** @param isLocked a dry run that does not open the CA's key: nothing is signed */
async function one(
  { ca, caKey, old, now }: KeptCa,
  { former, isOver }: Extract<CaStep, { kind: "one" }>,
  isLocked: boolean,
): Promise<LineCa> {
  const { notAfter } = readCertificate(ca);
  const onHost = (pem: string) => (former === null ? pem : bundle([pem, former]));
  const kept = { caKey, state: "one", next: null, staged: null, atOnce: null } as const;
  if (!authorityDue({ notAfter }, now)) {
    const reason = isOver ? "the last certificates of the CA that was replaced have ended" : null;
    return { ...kept, authority: old, ca, hostCa: onHost(ca), reason, isMade: false, kept: [] };
  }
  const authority = isLocked ? old : await renewAuthority(old, now);
  const next = isLocked ? ca : authority.certificate;
  const reason = `the CA's certificate ends on ${day(notAfter)}; the next one has the same key: all others stay valid`;
  const files = [["docker/ca.pem", next]] as const;
  return { ...kept, authority, ca: next, hostCa: onHost(next), reason, isMade: true, kept: files };
}

async function makeNext({ old, ca, subject, passphrase, now }: KeptCa): Promise<NextCa> {
  const locked = passphrase === undefined ? {} : { passphrase };
  const made = await makeAuthority({ subject, now, ...locked });
  const cross = await crossCertify(old, made.certificate);
  return { kind: "next", certificate: made.certificate, privateKey: made.privateKey, cross, old: ca };
}

/** The old one signs on: who does not know the next one yet must trust what is shown. */
async function offer(kept: KeptCa, known: NextCa | null): Promise<LineCa> {
  const next = known ?? (await makeNext(kept));
  const ca = bundle([next.old, next.certificate]);
  return {
    ...{ authority: kept.old, caKey: kept.caKey, state: "offered", ca },
    hostCa: bundle([next.old, next.certificate], [next.cross]),
    reason: "the line's next CA is offered to clients; nothing is signed by it yet",
    ...{ isMade: false, next: next.certificate, staged: known === null ? formatOtherCa(next) : null },
    atOnce: null,
    kept: ca === kept.ca ? [] : [["docker/ca.pem", ca]],
  };
}

/** The key comes first, and the file with both CAs goes last: wherever it is interrupted, the next `up` finds them. */
async function replace(kept: KeptCa, next: NextCa, isLocked: boolean): Promise<LineCa> {
  const { passphrase, now } = kept;
  const locked = passphrase === undefined ? {} : { passphrase };
  const authority = isLocked ? kept.old : await openAuthority({ ...next, ...locked });
  const until = now + LEAF_LIFETIME_MS + DAY_MS;
  const former = formatOtherCa({ kind: "former", certificate: next.old, until });
  const files: readonly (readonly [LineFile, string])[] = [
    ["ca/ca-key.pem", next.privateKey],
    ["docker/ca.pem", next.certificate],
    ["ca/other-ca.pem", former],
  ];
  return {
    ...{ authority, ca: next.certificate, caKey: next.privateKey, state: "switched" },
    hostCa: bundle([next.certificate, next.old]),
    reason: "the new CA takes the place of the old one, whose certificates stay valid for clients",
    ...{ isMade: false, next: next.certificate, staged: null, atOnce: null, kept: files },
  };
}

/**
 * dockerd admits whoever its CA has signed for, so the old one goes. What is kept last says that all is done: until then the
 * next `up` does it again.
 */
async function replaceAtOnce(kept: KeptCa, known: NextCa | null): Promise<LineCa> {
  const { old, passphrase, revokes } = kept;
  const next = known ?? { ...(await makeNext(kept)), revokes };
  const locked = passphrase === undefined ? {} : { passphrase };
  const authority = known === null ? await openAuthority({ ...next, ...locked }) : old;
  const { certificate, privateKey, cross } = next;
  return {
    ...{ authority, ca: certificate, caKey: privateKey, state: "switched", hostCa: certificate },
    reason: "a new CA takes the place of the old one, whose certificates all end",
    ...{ isMade: false, next: certificate, staged: known === null ? formatOtherCa(next) : null },
    kept: [
      ["ca/ca-key.pem", privateKey],
      ["docker/ca.pem", certificate],
    ],
    atOnce: {
      ...{ revokes: next.revokes ?? [], cross, former: known === null ? old : null },
      // Ended, by whichever clock: this machine's may have been ahead, and the host would trust it again until then.
      done: ["ca/other-ca.pem", formatOtherCa({ kind: "former", certificate: next.old, until: 0 })],
    },
  };
}

/** @param isLocked a dry run that does not open the CA's key */
export function lineCa(kept: KeptCa, step: PossibleStep, isLocked: boolean): Promise<LineCa> {
  if (step.kind === "one") return one(kept, step, isLocked);
  if (step.kind === "replace") return replaceAtOnce(kept, step.next);
  return step.kind === "offer" ? offer(kept, step.next) : replace(kept, step.next, isLocked);
}
