/** What is asked of an `up`: the options of the command, whoever gives them. */
import type { Destination } from "../../host/index.ts";

/** @see src/cli/up/route.ts for what each of them means to the user */
export interface UpRequest {
  readonly name: string | undefined;
  readonly port: number | undefined;
  readonly address: string | undefined;
  readonly san: readonly string[] | undefined;
  readonly dropSan: readonly string[] | undefined;
  readonly acceptHost: string | undefined;
  readonly gateway: boolean;
  readonly native: boolean;
  readonly replaceTls: boolean;
  readonly encryptCaKey: boolean;
  /** Milliseconds. */
  readonly confirmWithin: number;
  readonly dryRun: boolean;
}

/** Null: this machine itself. */
export type UpTarget = Destination | null;
