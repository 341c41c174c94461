/** Adds a client for the jobs of a CI service, which get in with the tokens that the service signs for them (ADR 0033). */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { type Endpoint, formatEndpoint } from "../../engine/index.ts";
import {
  CLAIM_NAME,
  type Client,
  claimsProblem,
  ISSUER_NAMES,
  isIssuer,
  type JobTrust,
  MAX_LIFE_MS,
  MIN_LIFE_MS,
} from "../../identity/index.ts";
import { lineEndpoint } from "../../line/index.ts";
import { readCertificate } from "../../pki/index.ts";
import { callLine, readDone } from "../gateway-api/index.ts";
import { lineOption, pickLine } from "../lines/index.ts";
import { requireNew, requireRole } from "./add-client.ts";
import type { RolePorts } from "./ports.ts";

/** What is asked for. */
export interface NewJobClient extends Pick<JobTrust, "name" | "lifeMs" | "ca"> {
  /** As typed; undefined: the one that is meant when none is named. */
  readonly line: string | undefined;
  readonly role: Client["role"];
  /** Milliseconds from now until the access of all jobs ends; undefined: never. */
  readonly expiresIn: number | undefined;
  /** `github`, `gitlab`, or a URL. */
  readonly oidc: string;
  /** `name=value`, as typed. */
  readonly claims: readonly string[];
  readonly audience: string | undefined;
}

/** What a job needs to know, besides its token. */
export interface AddedJobClient {
  readonly trust: JobTrust;
  readonly endpoint: Endpoint;
  /** SHA-256 of the public key of the line's CA, hex: the CA's next certificate has the same. */
  readonly pin: string;
}

function usage({ name, oidc }: NewJobClient, message: string, why: readonly string[]): TetherdockError {
  const claim = oidc === "gitlab" ? "project_path=group/project" : "repository=org/app";
  return new TetherdockError("USAGE", message, {
    why,
    hints: [shellJoin(["tetherdock", "client", "add", name, "--oidc", oidc, "--claim", claim])],
  });
}

function issuerFrom(wanted: NewJobClient): string {
  const known = Object.hasOwn(ISSUER_NAMES, wanted.oidc) ? ISSUER_NAMES[wanted.oidc] : undefined;
  const issuer = known ?? wanted.oidc;
  if (isIssuer(issuer)) return issuer;
  const why = `it must be ${Object.keys(ISSUER_NAMES).join(", ")}, or the issuer's https URL`;
  throw usage({ ...wanted, oidc: "github" }, `"${wanted.oidc}" is not an issuer (--oidc)`, [why]);
}

function claimsFrom(wanted: NewJobClient): Record<string, string> {
  const claims = new Map<string, string>();
  for (const typed of wanted.claims) {
    const [name = "", value = ""] = typed.split(/=(.*)/s);
    if (!CLAIM_NAME.test(name) || !/^[\x20-\x7e]{1,256}$/.test(value))
      throw usage(wanted, `cannot read the claim "${typed}"`, ["it must be NAME=VALUE, in ASCII"]);
    if (claims.has(name))
      throw usage(wanted, `the claim ${name} is given twice`, ["a token has only one value for it"]);
    claims.set(name, value);
  }
  return Object.fromEntries(claims);
}

function trustFrom(wanted: NewJobClient, endpoint: Endpoint): JobTrust {
  const { name, lifeMs, ca, audience = `tetherdock:${formatEndpoint(endpoint)}` } = wanted;
  const [issuer, claims] = [issuerFrom(wanted), claimsFrom(wanted)];
  const problem = claimsProblem(issuer, claims);
  if (problem !== null) throw usage(wanted, "these claims do not say whose jobs get in (--claim)", [problem]);
  if (lifeMs < MIN_LIFE_MS || lifeMs > MAX_LIFE_MS)
    throw usage(wanted, "a job's certificate lasts from 1m to 24h (--life)", []);
  return { name, issuer, audience, claims, lifeMs, ca };
}

/** @throws USAGE, CLIENT_EXISTS, ROLE_UNKNOWN, GATEWAY_UNREACHABLE, GATEWAY_REFUSED, LINE_… */
export async function addJobClient(ports: RolePorts, wanted: NewJobClient): Promise<AddedJobClient> {
  const line = await ports.lines.read(await pickLine(ports, wanted.line));
  const endpoint = lineEndpoint(line);
  const trust = trustFrom(wanted, endpoint);
  await requireNew(ports, line.name, wanted);
  await requireRole(ports, line.name, wanted.role, (role) => [
    ...["tetherdock", "client", "add", trust.name, "--oidc", wanted.oidc],
    ...wanted.claims.flatMap((claim) => ["--claim", claim]),
    ...["--role", role, ...lineOption(wanted.line)],
  ]);
  const { expiresIn, role } = wanted;
  const expires = expiresIn === undefined ? null : new Date(ports.clock() + expiresIn).toISOString();
  const { name, ...body } = { ...trust, role, expires };
  await callLine(
    ports,
    line.name,
    { method: "PUT", path: `oidc/${encodeURIComponent(name)}`, body },
    readDone,
  );
  const ca = await ports.lines.readFile(line.name, "docker/ca.pem");
  const { publicKeyFingerprint: pin } = readCertificate(ca);
  return { trust, endpoint, pin };
}
