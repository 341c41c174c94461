/** By a volume that the engine fills with an image's files: a container puts links in it meanwhile. */

/** What a client can do, and know. */
export interface Hands {
  /** Creates and starts the container that makes the links. @returns the status of the start */
  readonly link: () => Promise<number>;
  /** Creates a container whose image has files for the volume. */
  readonly fill: () => Promise<unknown>;
  /** Resolves when the first file is in the volume. */
  readonly isFilling: () => Promise<void>;
}

export interface Fill {
  readonly id: string;
  readonly name: string;
  /** What the container with the links runs. */
  readonly links: string;
  /** @returns the status of the start, once all is over */
  readonly run: (hands: Hands) => Promise<number | undefined>;
}

export const LINK = "for n in $(seq 50); do ln -s /srv/target /v/z$n 2>/dev/null; done; sleep 1000";

export const fills: readonly Fill[] = [
  {
    ...{ id: "before", name: "a container that runs waits for the first file" },
    links: `while [ -z "$(ls /v)" ]; do :; done; ${LINK}`,
    run: async ({ link, fill }) => {
      const started = await link();
      await fill();
      return started;
    },
  },
  {
    ...{ id: "during", name: "a container is created and started while the volume is filled" },
    links: LINK,
    run: async ({ link, fill, isFilling }) => {
      const filled = fill();
      await isFilling();
      const started = await link();
      await filled;
      return started;
    },
  },
];
