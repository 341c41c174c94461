/** Docker as other systems and newer packages set it up: up, proven from outside, up again, down, exactly as before. */
import { describe, test } from "vitest";
import { missingRelease } from "../support/host.ts";
import { sampleBy } from "../support/sample.ts";
import { type StateCase, upAndDown } from "../support/up-and-down.ts";

const debian = { flavour: "debian", finds: [] } as const;
const upstream = { flavour: "upstream", finds: [] } as const;

const cases: readonly StateCase[] = [
  { ...debian, release: "trixie", reboot: true },
  { ...debian, release: "forky", reboot: true },
  { ...upstream, release: "trixie", state: "containerd-images", reboot: true },
  { ...upstream, release: "forky", state: "containerd-images", mode: "gateway" },
  { ...upstream, release: "forky", reboot: true },
  { ...debian, release: "bookworm", state: "userns-remap" },
  { ...upstream, release: "trixie", state: "userns-remap", mode: "gateway" },
  { ...debian, release: "bookworm", state: "no-docker-socket", reboot: true },
  { ...upstream, release: "trixie", state: "no-docker-socket", mode: "gateway", reboot: true },
  { ...debian, release: "forky", state: "no-docker-socket" },
  { ...debian, release: "trixie", state: "sudo-rs", user: "core" },
  { ...debian, release: "forky", state: "sudo-rs", user: "core", mode: "gateway" },
  { ...upstream, release: "trixie", state: "live-restore", mode: "gateway" },
  { flavour: "coreos", finds: [], release: "trixie", mode: "gateway", reboot: true },
  { flavour: "coreos", finds: [], release: "forky", reboot: true },
];

const titled = ({ release, flavour, state = "pristine", mode = "native", ...rest }: StateCase): string =>
  [release, flavour, state, mode, ...(rest.user ? [`as ${rest.user}`] : [])].join(", ");

const noForky = await missingRelease("forky");

describe("up, again, down", () => {
  for (const given of sampleBy("generations", cases, 4))
    test.skipIf(given.release === "forky" && noForky !== null)(titled(given), () => upAndDown(given));
});
