/** `tetherdock client add --oidc`: gives access to the jobs of a CI service. */
import { addJobClient } from "../../app/clients/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { DEFAULT_ROLE } from "../../policy/index.ts";
import { readText } from "../../system/files/file-error.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { warning } from "../output/warn.ts";
import type { AddFlags } from "./flags.ts";
import { jobSnippets } from "./job-snippets.ts";

/** Claims that say more than the project; without one of them every branch and workflow of it gets in. */
const NARROW = ["environment", "ref", "sub", "job_workflow_ref", "ref_path"];

function requireAlone({ publicKey, for: preset, out }: AddFlags): void {
  const other = [publicKey && "--public-key", preset && "--for", out && "--out"].find(Boolean);
  if (other)
    throw new TetherdockError("USAGE", `--oidc and ${other} do not go together`, {
      why: ["a job makes its own key and certificate"],
    });
}

/** What to paste goes to stdout. */
export async function clientAddJobs(
  context: Context,
  flags: AddFlags & { readonly oidc: string },
  name: string,
): Promise<void> {
  requireAlone(flags);
  const { line, expires: expiresIn, oidc, claim = [], audience, life: lifeMs, issuerCa } = flags;
  const role = flags.role ?? DEFAULT_ROLE;
  const ca = issuerCa === undefined ? null : await readText(issuerCa);
  const ports = { ...gatewayPorts(context), ...warning(context), clock: context.clock };
  const wanted = { line, name, role, expiresIn, oidc, claims: claim, audience, lifeMs, ca };
  const added = await addJobClient(ports, wanted);
  context.stdout.lines(jobSnippets(added));
  const { claims } = added.trust;
  context.stderr.line(
    `jobs with ${Object.entries(claims)
      .map(([one, value]) => `${one}=${value}`)
      .join(" and ")} get in as ${name}, role ${role}`,
  );
  if (!NARROW.some((one) => Object.hasOwn(claims, one)))
    context.stderr.line(
      "note: that is every branch and every workflow; --claim environment=… or ref=… says which",
    );
}
