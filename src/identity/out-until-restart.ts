import { TetherdockError } from "../base/index.ts";

/**
 * Whoever a change shuts out is out at once, also if it cannot be kept: the disk may be full of what they have written.
 * @param error of writing the change @returns what to say of it @throws the error, if it is no failure of a file
 */
export function outUntilRestart(error: unknown): TetherdockError {
  if (!(error instanceof TetherdockError) || error.code !== "FILE_FAILED") throw error;
  const { why, hints } = error;
  const message = `${error.message}; access has ended all the same, until the gateway restarts`;
  return new TetherdockError("FILE_FAILED", message, { why, hints, cause: error });
}
