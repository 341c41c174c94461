/** Runs what `client add --oidc` prints as each CI service does: with a token if the job asks for one in that service's way. */
import { parse } from "yaml";
import type { Issuer } from "../gateway/support/issuer.ts";

/** A script for bash, and the variables that the service sets for it. */
export interface Job {
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** What a GitHub workflow may have in a job; with anything else GitHub refuses the file. */
const GITHUB = ["permissions", "environment", "steps"];

/** GitHub's runner and Forgejo's have the same variables. */
function actions(fields: Fields, issuer: Issuer, folder: string, isAllowed: boolean): Job {
  const [step] = fields["steps"] as { readonly run: string }[];
  const asking = {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer.url}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.requestKey,
  };
  return { script: step?.run ?? "", env: { RUNNER_TEMP: folder, ...(isAllowed && asking) } };
}

function github(text: string, issuer: Issuer, folder: string): Job {
  const fields = parse(text) as Fields;
  const unknown = Object.keys(fields).filter((name) => !GITHUB.includes(name));
  if (unknown.length > 0) throw new Error(`GitHub does not know ${unknown}, or not in this place`);
  const permissions = fields["permissions"] as Fields | undefined;
  return actions(fields, issuer, folder, permissions?.["id-token"] === "write");
}

function forgejo(text: string, issuer: Issuer, folder: string): Job {
  const fields = parse(text) as Fields;
  return actions(fields, issuer, folder, fields["enable-openid-connect"] === true);
}

function gitlab(text: string, issuer: Issuer, folder: string): Job {
  const { deploy } = parse(text) as { readonly deploy: Fields };
  const tokens = Object.entries(deploy["id_tokens"] as Record<string, { readonly aud: string }>);
  const variables = Object.entries(deploy["variables"] as Record<string, string>);
  return {
    script: (deploy["script"] as string[]).join("\n"),
    env: {
      ...Object.fromEntries(tokens.map(([name, { aud }]) => [name, issuer.token({ aud })])),
      ...Object.fromEntries(
        variables.map(([name, value]) => [name, value.replace("/tmp/tetherdock-$CI_JOB_ID", folder)]),
      ),
    },
  };
}

const sh = (text: string, issuer: Issuer): Job => ({ script: text, env: { TOKEN: issuer.token() } });

/** By the first words of the comment above each. */
const SERVICES = {
  "GitLab:": gitlab,
  "Forgejo Actions:": forgejo,
  "GitHub Actions:": github,
  "GitHub Enterprise Server:": github,
  "anything else:": sh,
} as const;

/** @param folder makes an empty one for each job @returns all that is printed, by service */
export async function jobsIn(
  printed: string,
  issuer: Issuer,
  folder: () => Promise<string>,
): Promise<ReadonlyMap<string, Job>> {
  const jobs = new Map<string, Job>();
  for (const part of printed.split(/^# /m).slice(1)) {
    const service = Object.keys(SERVICES).find((name) => part.startsWith(name)) as keyof typeof SERVICES;
    const text = part.slice(part.indexOf("\n"));
    jobs.set(service, SERVICES[service](text, issuer, await folder()));
  }
  return jobs;
}
