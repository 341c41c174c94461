/**
 * The role `builder`: builds images, names them and sends them to a registry, as a CI job does. It shares a deployer's judges
 * of builds, and may call nothing that creates, enters or reads a container.
 */
import { type RoleRules, refuseUnknown } from "../../rule.ts";
import { classicBuildRule } from "../deployer/archive/classic-build.ts";
import { buildRule } from "../deployer/build.ts";
import { pull } from "../deployer/judges.ts";
import { named, withBody, withoutBody } from "../deployer/judging.ts";
import { imagePrune } from "../deployer/lists.ts";
import { readRule } from "../deployer/shown.ts";
import { login, push, remove, tag } from "./images.ts";

/** Why operations are refused: the end of a sentence for the caller. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ["BuildPrune", "the build cache does not say whose it is; ask an admin"],
  ["ImageLoad", "an archive can give any name to any image; push and pull instead"],
  ["ImageCommit", "there are no containers in the role; build with a Dockerfile"],
]);

export const builderRules = (): RoleRules => ({
  rules: [
    readRule("builder-read"),
    buildRule("builder-build"),
    classicBuildRule("builder-build"),
    withoutBody("builder-pull", named("ImageCreate"), pull),
    withoutBody("builder-tag", named("ImageTag"), tag),
    withoutBody("builder-push", named("ImagePush"), push),
    withoutBody("builder-remove", named("ImageDelete"), remove),
    withoutBody("builder-remove", named("ImagePrune"), imagePrune),
    withBody("builder-login", named("SystemAuth"), login),
  ],
  otherwise: {
    id: "builder-closed",
    refuse: ({ name }) =>
      REFUSED.get(name) ?? "it is not part of the role, which is for images only; ask an admin",
  },
  unknown: refuseUnknown("builder", "builder-unknown"),
});
