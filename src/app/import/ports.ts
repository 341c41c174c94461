/** What `import` needs from outside. */
import type { Clock } from "../../base/index.ts";
import type { Credential, Endpoint, EngineVersionResult } from "../../engine/index.ts";
import type { LineStore } from "../../line/index.ts";
import type { RandomPort } from "../host/index.ts";

export interface ImportPorts {
  readonly lines: LineStore;
  readonly clock: Clock;
  readonly random: RandomPort;
  /** Whether there is a folder; a symbolic link to one counts. */
  isFolder(path: string): Promise<boolean>;
  /** A small text file; undefined: it is not there. @throws FILE_FAILED, also when it is too large */
  readFile(folder: string, name?: string): Promise<string | undefined>;
  /** Of an archive. @throws PROMPT_IMPOSSIBLE, FILE_FAILED */
  password(): Promise<string>;
  /** @throws CREDENTIAL_UNUSABLE; never because of network or peer */
  askEngine(endpoint: Endpoint, credential: Credential, timeoutMs: number): Promise<EngineVersionResult>;
  /** Whether a gateway answers there. @throws CREDENTIAL_UNUSABLE */
  isGateway(endpoint: Endpoint, credential: Credential, timeoutMs: number): Promise<boolean>;
}
