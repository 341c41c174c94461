/** Options of `import`. */
import { parseLineName } from "../../line/index.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";

export const importFlags = {
  fromEnv: offSwitch("Take what docker uses in this shell: DOCKER_HOST, DOCKER_CERT_PATH, DOCKER_TLS_VERIFY"),
  address: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief:
      "Where the engine listens: NAME[:PORT] (default: from the archive, or a docker-machine's config.json)",
    placeholder: "address",
  },
  name: {
    kind: "parsed",
    parse: parseLineName,
    optional: true,
    brief: "Name of the new line (default: from the archive, the docker-machine or the engine's DNS name)",
    placeholder: "name",
  },
  passwordFile: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "File with the password of an archive; - is stdin (default: ask)",
    placeholder: "file",
  },
  json: jsonFlag,
} as const;

export type ImportFlags = FlagsOf<typeof importFlags>;
