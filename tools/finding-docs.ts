/** docs/findings/*.md, made from the checks: one page each, and the list of all. */
import { type Check, runChecks, SEVERITIES, type Severity } from "../src/doctor/check.ts";
import { CHECKS } from "../src/doctor/checks/index.ts";
import { PLAIN } from "../src/doctor/paint.ts";
import { renderHuman } from "../src/doctor/render/human.ts";
import type { Subject } from "../src/doctor/subject.ts";
import { failingSubjects } from "./failing-subjects.ts";

const MADE =
  "<!-- Made from the checks by `node tools/write-finding-docs.ts`; a test fails when the two differ. -->";

const NEEDS: Record<Check["needs"][number], string> = {
  outside: "an endpoint to probe",
  inside: "the inspection from inside, over ssh or with `--local`",
  line: "a line to the host on this machine",
  gateway: "a line with a gateway",
  "ca-key": "the line's CA key, not encrypted",
};

const MEANING: Record<Severity, string> = {
  critical: "anybody can get root, now",
  high: "somebody who should not have root has it, or is one step away from it",
  medium: "broken, or about to be",
  low: "worth fixing",
  info: "worth knowing",
};

/** The certificates are new each time, and so are serials and fingerprints: 64 bits or more in hexadecimal. */
const RANDOM = /\b[0-9A-Fa-f]{16,}\b/g;

/** `doctor`'s output for this check on the first subject that fails it; null if none does. */
function exampleOf(check: Check, subjects: readonly Subject[]): string | null {
  for (const subject of subjects) {
    const results = runChecks([check], subject);
    if (results.some(({ outcome }) => outcome === "failed")) {
      const text = renderHuman({ subject, results }, { paint: PLAIN, width: 100, all: false });
      // without the headline and the counts; the first of several findings
      const [, first = ""] = text.split("\n\n");
      return first.trimEnd().replace(RANDOM, "4f0c…");
    }
  }
  return null;
}

function firstUpper(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function shownReference(reference: string): string {
  if (reference.startsWith("http")) return `<${reference}>`;
  return reference.startsWith("tetherdock ") ? `\`${reference}\`` : reference;
}

function pageOf(check: Check, example: string | null): string {
  const fixedBy = check.fixedByUp
    ? "`tetherdock up` fixes it; `tetherdock doctor --fix` runs it."
    : "You fix it by hand; the finding shows the commands.";
  const shown = example === null ? "" : `\n## Example\n\n\`\`\`text\n${example}\n\`\`\`\n`;
  return `${MADE}

# ${check.id}

**On a healthy host:** ${check.states}.

**Otherwise:** ${check.consequence}.

| | |
| --- | --- |
| severity | ${check.severity}: ${MEANING[check.severity]} (some cases differ) |
| needs | ${check.needs.map((need) => NEEDS[need]).join("; ")} |
| fixed by | ${fixedBy} |
| see | ${shownReference(check.reference)} |
${shown}
[All findings](README.md) · [doctor](../doctor.md)
`;
}

function listOf(severity: Severity): string {
  const checks = CHECKS.filter((check) => check.severity === severity);
  const rows = checks.map(({ id, states }) => `- [${id}](${id}.md): ${states}`);
  return rows.length === 0
    ? ""
    : `\n## ${firstUpper(severity)}: ${MEANING[severity]}\n\n${rows.join("\n")}\n`;
}

/** @returns file name in docs/findings → its text */
export async function findingDocs(): Promise<Map<string, string>> {
  const subjects = await failingSubjects();
  const pages = CHECKS.map((check) => [`${check.id}.md`, pageOf(check, exampleOf(check, subjects))] as const);
  const list = `${MADE}

# Findings

Every check of [\`tetherdock doctor\`](../doctor.md), by the severity of what it finds. Each states what holds on a healthy
host.
${SEVERITIES.map(listOf).join("")}`;
  return new Map([["README.md", list], ...pages]);
}
