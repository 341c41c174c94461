/** `binds`: which paths of the host a role file permits. docs/adr/0038 has the reasons. */
import { cleanPath, type HostBind, isWithin } from "../body/model/host-binds.ts";
import { isForReading, placeProblem } from "./places.ts";
import { described, flag, list, object, optional, type Shape } from "./shape.ts";

const MOST_BINDS = 50;
const MOST_CHARACTERS = 500;

const path: Shape<string> = {
  read: (value, at, complain) => {
    const isPath = typeof value === "string" && value.length <= MOST_CHARACTERS && cleanPath(value) === value;
    if (!isPath)
      return void complain(
        at,
        "must be an absolute path such as /srv/shop, without ., .., //, : or a slash at the end",
      );
    const problem = placeProblem(value);
    return problem === null ? value : void complain(at, problem);
  },
  schema: { type: "string", pattern: "^(?:/[^/:]+)+$", maxLength: MOST_CHARACTERS },
};

export const bindsShape: Shape<readonly HostBind[]> = list(
  object<HostBind>({
    path: described("A folder or file of the host; what is in it cannot be bound by itself", path),
    readOnly: optional("Containers may only read it", false, flag),
  }),
  MOST_BINDS,
);

/** A container that may write a folder can put a link in the place of everything in it. */
const isReplaceable = (one: HostBind, by: HostBind): boolean =>
  !by.readOnly && one.path !== by.path && isWithin(one.path, by.path);

/** @returns what is wrong with a role's own entries, by their index */
export function bindProblems(binds: readonly HostBind[]): { readonly at: number; readonly text: string }[] {
  return binds.flatMap((one, at) => {
    if (binds.findIndex(({ path: other }) => other === one.path) < at)
      return [{ at, text: `(${one.path}) is there twice` }];
    if (!one.readOnly && isForReading(one.path))
      return [
        { at, text: `(${one.path}) is written by root on the host, through any link: set readOnly: true` },
      ];
    const by = binds.find((other) => isReplaceable(one, other));
    return by === undefined
      ? []
      : [
          {
            at,
            text: `(${one.path}) is in ${by.path}, where containers may write and so replace it by a link`,
          },
        ];
  });
}

interface WithBinds {
  readonly file: { readonly name: string; readonly binds: readonly HostBind[] };
}

/** @returns which entries of a role another role's containers could replace, or the other way round */
export function bindConflicts({ file }: WithBinds, others: readonly WithBinds[]): string[] {
  return others.flatMap((other) =>
    other.file.binds.flatMap((theirs) =>
      file.binds
        .filter((own) => isReplaceable(own, theirs) || isReplaceable(theirs, own))
        .map(
          (own) =>
            `binds: ${own.path} and ${theirs.path} of the role ${other.file.name}: containers that may write to one could replace the other by a link`,
        ),
    ),
  );
}
