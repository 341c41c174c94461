/** What to paste into the configuration of a CI service, so that its jobs get in. Nothing in it is a secret. */
import type { AddedJobClient } from "../../app/clients/index.ts";
import { shellJoin } from "../../base/index.ts";
import { formatEndpoint } from "../../engine/index.ts";
import { ISSUER_NAMES } from "../../identity/index.ts";

/** JSON's strings are YAML's too, and never a number, a date or a boolean. */
const yaml = (text: string): string => JSON.stringify(text);

function login({ trust, endpoint, pin }: AddedJobClient, ...more: string[]): string {
  const words = ["tetherdock", "ci-login", formatEndpoint(endpoint), "--client", trust.name];
  return shellJoin([...words, "--pin", `sha256:${pin}`, ...more]);
}

/** GitHub's runner and Forgejo's set RUNNER_TEMP. `${{ runner.temp }}` is for steps only: a job's `env` has no runner yet. */
const steps = (added: AddedJobClient): string[] => [
  "steps:",
  "  - run: |",
  '      export TETHERDOCK_HOME="$RUNNER_TEMP/tetherdock"',
  `      ${login(added, "--audience", added.trust.audience)}`,
  '      eval "$(tetherdock env)"',
  "      docker ps",
];

function environment({ trust: { claims } }: AddedJobClient): string[] {
  const { environment: name } = claims;
  return name === undefined ? [] : [`environment: ${yaml(name)}`];
}

const github = (added: AddedJobClient): string[] => [
  "permissions:",
  "  id-token: write",
  "  contents: read",
  ...environment(added),
  ...steps(added),
];

/** Forgejo ignores `permissions`. */
const forgejo = (added: AddedJobClient): string[] => ["enable-openid-connect: true", ...steps(added)];

const gitlab = (added: AddedJobClient): string[] => [
  "deploy:",
  ...environment(added).map((line) => `  ${line}`),
  "  id_tokens:",
  "    TETHERDOCK_ID_TOKEN:",
  `      aud: ${yaml(added.trust.audience)}`,
  "  variables:",
  "    TETHERDOCK_HOME: /tmp/tetherdock-$CI_JOB_ID",
  "  script:",
  `    - ${login(added)}`,
  '    - eval "$(tetherdock env)"',
  "    - docker ps",
];

const sh = (added: AddedJobClient): string[] => [
  "export TETHERDOCK_HOME=$(mktemp -d)",
  `printf %s "$TOKEN" | ${login(added, "--token-file", "-")}`,
  'eval "$(tetherdock env)"',
  "docker ps",
];

/** @returns for the issuer's CI service; for an unknown issuer, for all */
export function jobSnippets(added: AddedJobClient): string[] {
  const { issuer } = added.trust;
  if (issuer === ISSUER_NAMES["github"])
    return ["# GitHub Actions: in a job of .github/workflows/*.yml", ...github(added)];
  if (issuer === ISSUER_NAMES["gitlab"]) return ["# GitLab: .gitlab-ci.yml", ...gitlab(added)];
  return [
    "# GitLab: .gitlab-ci.yml",
    ...gitlab(added),
    "",
    "# Forgejo Actions: in a job of .forgejo/workflows/*.yml",
    ...forgejo(added),
    "",
    "# GitHub Enterprise Server: in a job of .github/workflows/*.yml",
    ...github(added),
    "",
    `# anything else: sh, with a token for the audience ${added.trust.audience} in TOKEN`,
    ...sh(added),
  ];
}
