/** All rows of the table in docs/compatibility.md, in its order. */
import { builds } from "./builds.ts";
import { composes } from "./composes.ts";
import { containers } from "./containers.ts";
import { copies } from "./copies.ts";
import { engineThings } from "./engine-things.ts";
import type { Row } from "./row.ts";

export const rows: readonly Row[] = [...builds, ...composes, ...containers, ...copies, ...engineThings];
