/** The ways in which a docker client finds a line; each life test runs with all of them. */
import { existsSync } from "node:fs";

export interface Way {
  readonly name: string;
  /** The command for `docker`. */
  readonly docker: string;
  readonly compose: string;
  /** Typed once in each new shell. */
  readonly preamble: string;
  /** Typed once on the laptop. */
  readonly once: string;
  /** The client includes BuildKit: newer ones need a plugin for it. */
  readonly buildKit: boolean;
}

/** A fresh Debian has only this one: 20.10. */
const DEBIAN = "/usr/bin/docker";
const NEWER = "/usr/local/bin/docker";
const COMPOSE = "/usr/bin/docker-compose";
const EVAL = 'eval "$(tetherdock env)"';

const plain = { docker: DEBIAN, compose: COMPOSE, preamble: ":", once: ":", buildKit: true };

export const evaluated: Way = { ...plain, name: "eval of env", preamble: EVAL };
const ran: Way = {
  ...plain,
  name: "run --",
  docker: `tetherdock run -- ${DEBIAN}`,
  compose: `tetherdock run -- ${COMPOSE}`,
};
export const byContext: Way = { ...plain, name: "docker context", once: "tetherdock context create --use" };
export const byAgent: Way = { ...plain, name: "agent", once: "tetherdock context create --agent --use" };
const newer: Way = { ...evaluated, name: "eval of env, newer CLI", docker: NEWER, buildKit: false };

/** With the CLI of a fresh Debian. */
export const ways: readonly Way[] = [evaluated, ran, byContext];

/** With a newer CLI, if the machine has one. */
export const newerWays: readonly Way[] = [newer].filter(({ docker }) => existsSync(docker));
