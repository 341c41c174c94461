/** An attempted build shows what it does for an admin, and then does not do it for a client. */
import { expect } from "vitest";
import type { Person } from "../support/gateway/people.ts";
import type { Output } from "../support/run.ts";
import type { BuildEscape } from "./builds.ts";
import { filled, type Places } from "./escape.ts";

export interface Trial {
  readonly admin: Person;
  readonly client: Person;
  /** New ones each time. */
  readonly places: () => Promise<Places>;
  readonly printed: (who: Person, one: BuildEscape) => Promise<Output>;
  readonly imageNamed: (name: string | undefined) => Promise<string>;
}

export async function expectOnlyAdmin(one: BuildEscape, trial: Trial): Promise<void> {
  const { admin, client, places, printed, imageNamed } = trial;
  const forAdmin = filled(one, await places());
  const works = await printed(admin, forAdmin);
  if (!one.fails) expect(works.status, works.stderr).toBe(0);
  expect(works.stdout + works.stderr).toContain(forAdmin.prints);

  const here = await places();
  const forClient = filled(one, here);
  const before = await imageNamed(here["victim"]);
  const said = await printed(client, forClient);
  expect(await imageNamed(here["victim"])).toBe(before);
  expect(said.stdout + said.stderr).toContain(forClient.refusal);
  expect(said.stdout + said.stderr).not.toContain(forClient.prints);
  if (!one.ignored) expect(said.status).not.toBe(0);
}
