/** `registries`: where a role may push images to. */
import { readImageName } from "../../body/image-name.ts";
import { described, list, matching } from "../shape.ts";
import { matcher, REPOSITORIES, shown } from "./images.ts";
import { type Limit, limitShape, quoted, type Setting } from "./limit.ts";

export interface Registries extends Setting {
  readonly allow: readonly string[];
}

const RULE =
  "a repository without a tag, such as ghcr.io/team/app or images.example:5000/**; ** at the end stands for all that follows";

export const registries: Limit<Registries> = {
  shape: limitShape({
    allow: described(
      "Repositories that may be pushed to, with * for a part of one",
      list(matching(REPOSITORIES, RULE), 1000),
    ),
  }),
  checks: ({ allow }) => {
    const matches = matcher(allow);
    return {
      ImagePush: ({ params }) => {
        const { name: pushed = "" } = params;
        const name = readImageName(pushed);
        return name !== null && matches(name)
          ? null
          : `the repository is ${quoted(pushed)}: push to ${shown(allow)}`;
      },
    };
  },
  needs: ["ImagePush", "push images"],
  evadedBy: [],
};
