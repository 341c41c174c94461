/** What to tell a user whose line's certificate or CA ends soon, or has ended: Docker clients only report a TLS error. */
import { counted, DAY_MS, HOUR_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  type Line,
  type LineFile,
  type LineStore,
  readValidity,
  type Validity,
  WARNING_MS,
  warningWindow,
} from "../../line/index.ts";
import { caEnding } from "./ca-end.ts";

type Ports = { readonly lines: Pick<LineStore, "readFile"> };

/** Whether a certificate is in the last third of its life, but not earlier than 30 days before its end. */
export function expiresSoon(validity: Validity, now: number): boolean {
  return validity.notAfter - now < warningWindow(validity);
}

/** When a certificate is renewed: when a third of its life is left. */
export function renewalDue({ notBefore, notAfter }: Validity): number {
  return notAfter - (notAfter - notBefore) / 3;
}

/**
 * When a client renews through its gateway: also once in the last 60 days of its CA, because the CA's next certificate comes
 * with the renewal.
 * @param ca undefined: it cannot be read
 */
export function dueWithCa(validity: Validity, ca: Validity | undefined): number {
  const due = renewalDue(validity);
  const caDue = (ca?.notAfter ?? Number.POSITIVE_INFINITY) - 2 * WARNING_MS;
  return validity.notBefore < caDue ? Math.min(due, caDue) : due;
}

/** "12 days", "3 hours": rounded down, so that nobody relies on time that is not there. */
function timeLeft(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  if (days >= 2) return `${days} days`;
  const hours = Math.floor(ms / HOUR_MS);
  return hours < 1 ? "less than an hour" : counted(hours, "hour");
}

/** @returns undefined where it cannot be read: a line that was joined or imported has no CA key */
async function readKept({ lines }: Ports, name: string, file: LineFile): Promise<string | undefined> {
  try {
    return await lines.readFile(name, file);
  } catch (error) {
    if (error instanceof TetherdockError) return undefined;
    throw error;
  }
}

/** Only a machine with the CA key can sign a new certificate. */
const hasCaKey = async (ports: Ports, name: string): Promise<boolean> =>
  (await readKept(ports, name, "ca/ca-key.pem")) !== undefined;

async function wayToRenew(ports: Ports, { name, mode, job }: Line, left: number): Promise<string> {
  if (job) return `log in again: ${shellJoin(["tetherdock", "ci-login"])}`;
  // A gateway renews an expired certificate for as long.
  if ((mode === "gateway" && left > -WARNING_MS) || (await hasCaKey(ports, name)))
    return `renew it: ${shellJoin(["tetherdock", "renew", name])}`;
  return mode === "gateway"
    ? "ask an admin of its gateway to invite you again"
    : "ask whoever set the line up for a new one";
}

/** A certificate from the future: the clock of whoever signed it, or of this machine, was or is wrong. */
async function earlyWarning(ports: Ports, { name }: Line, from: number): Promise<string> {
  const what = `the client certificate of the line ${name} is only valid from ${new Date(from).toISOString().slice(0, 10)}`;
  const compare = "compare this machine's clock: date -u";
  return (await hasCaKey(ports, name))
    ? `${what}; ${compare}; if it is right, renew it: ${shellJoin(["tetherdock", "renew", name])}`
    : `${what}; ${compare}`;
}

/**
 * One line of text; undefined: there is nothing to tell, or the certificate cannot be read, which `status` reports.
 * @param certificate of the line's client, PEM
 * @param now milliseconds since the epoch
 */
export async function expiryWarning(
  ports: Ports,
  line: Line,
  certificate: string,
  now: number,
): Promise<string | undefined> {
  const ca = readValidity((await readKept(ports, line.name, "docker/ca.pem")) ?? "");
  const ending = ca === undefined || line.job ? undefined : caEnding(line, ca, WARNING_MS, now);
  if (ending !== undefined) return ending;
  const validity = readValidity(certificate);
  if (validity && validity.notBefore > now) return earlyWarning(ports, line, validity.notBefore);
  if (!validity || !expiresSoon(validity, now)) return undefined;
  const left = validity.notAfter - now;
  // It lasts as long as the job needs it.
  if (line.job && left >= 0) return undefined;
  const what = left < 0 ? "has expired: its engine refuses you" : `expires in ${timeLeft(left)}`;
  return `the client certificate of the line ${line.name} ${what}; ${await wayToRenew(ports, line, left)}`;
}
