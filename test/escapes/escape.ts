/** Attempts to get from a deployer's access to root on the host, or to what is somebody else's. */

/** A request. In `target` and `body`: `{victim}` a name, `{id}` and `{prefix}` of it, `{exec}` in it, `{mine}`, `{myExec}`. */
export interface Attempt {
  readonly method: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is. */
  readonly body?: string | object;
  /** Sent as it is, without a length: chunked. */
  readonly chunked?: boolean;
}

/** What shows that it works for an admin, beside a status below 400. */
export interface Proof {
  /** Of the container that was made, as inspect shows it. */
  readonly shows?: object;
  /** What the container that was made prints. */
  readonly prints?: string;
  /** What the answer contains. */
  readonly answers?: string;
}

export interface Escape {
  readonly name: string;
  readonly attempt: Attempt;
  readonly proof: Proof;
  /** What the refusal says: its check, or that there is nothing of that name. */
  readonly refusal: string;
  /** The first Engine that does not read it any more. */
  readonly until?: number;
  /** It changes the container that it works on: the next attempt needs another. */
  readonly spoils?: boolean;
}

/** A file of root's on the host. */
export const HOST_FILE = "/root/of-the-host";
export const HOST_SECRET = "only root on the host reads this";
/** A volume of the admin's with the host's /root in it, and somebody else's network. */
export const HOST_VOLUME = "hostroot";
export const OTHERS_NETWORK = "others";
/** A variable of the victim's. */
export const VICTIM_SECRET = "hunter2";
