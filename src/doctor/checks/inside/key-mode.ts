import { shellQuote, visible } from "../../../base/index.ts";
import { SERVER_KEY } from "../../../facts/index.ts";
import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import type { ModeFact } from "../../subject.ts";

const GROUP_READS = 0o040;
const OTHERS_READ = 0o004;
const GROUP_ENTERS = 0o010;
const OTHERS_ENTER = 0o001;

const bits = ({ mode }: ModeFact): number => Number.parseInt(mode, 8);
const groupOf = ({ owner }: ModeFact): string => owner.split(":")[1] ?? "";
const userOf = ({ owner }: ModeFact): string => owner.split(":")[0] ?? "";

/** The directories above a file: a user who cannot enter them cannot read it, whatever its mode. */
function above(path: string, modes: readonly ModeFact[]): ModeFact[] {
  return modes.filter(({ kind, path: folder }) => kind === "directory" && path.startsWith(`${folder}/`));
}

/** Who can read the key but should not; null if nobody can. */
function readers(key: ModeFact, modes: readonly ModeFact[]): string | null {
  const folders = above(key.path, modes);
  if ((bits(key) & OTHERS_READ) !== 0 && folders.every((folder) => (bits(folder) & OTHERS_ENTER) !== 0))
    return "every user of the host";
  const group = groupOf(key);
  const enters = folders.every(
    (folder) => (bits(folder) & (groupOf(folder) === group ? GROUP_ENTERS : OTHERS_ENTER)) !== 0,
  );
  if ((bits(key) & GROUP_READS) !== 0 && group !== "root" && enters) return `the group ${group}`;
  return userOf(key) === "root" ? null : `the user ${userOf(key)}`;
}

/** The daemon's own key: whoever has it can impersonate this engine to its clients. */
export const keyMode = defineCheck({
  id: "key-mode",
  states: "only root can read the engine's private key",
  needs: ["inside"],
  severity: "high",
  consequence: "anybody who reads the key can impersonate this engine and receive what its clients send",
  reference: "https://docs.docker.com/engine/security/protect-access/",
  run: (subject) =>
    subject.inside.modes
      .filter(({ kind }) => kind === "key")
      .flatMap((key) => {
        const who = readers(key, subject.inside.modes);
        if (who === null) return [];
        const path = shellQuote(visible(key.path));
        return [
          {
            where: visible(key.path),
            says: visible(`${who} can read the engine's private key ${key.path}`),
            evidence: [key, ...above(key.path, subject.inside.modes)].map((fact) =>
              visible(`${fact.path}: mode ${fact.mode}, ${fact.owner}`),
            ),
            fix: [
              `chmod 600 ${path} && chown root:root ${path}   # on the host, as root`,
              key.path === SERVER_KEY
                ? `rm ${path}   # on the host, if somebody may have read it; then ${upCommand(subject)} creates a new one`
                : `${upCommand(subject)} --replace-tls   # if somebody may have read it: creates a new key, CA and certificates`,
            ],
          },
        ];
      }),
});
