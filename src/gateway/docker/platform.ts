/** The platform that a client asks a container for, as Docker's API has it in `GET /images/NAME/json` from version 1.49 on. */
import type { Inspected } from "./inspected.ts";

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** Other names that containerd takes for one. */
const SAME: Readonly<Record<string, string>> = { x86_64: "amd64", "x86-64": "amd64", aarch64: "arm64" };
/** What an architecture is without a variant. */
const USUAL: Readonly<Record<string, string>> = { arm64: "v8", arm: "v7", amd64: "v1" };

/** @param text such as `linux/arm64/v8` @returns null: it is written otherwise */
export function readPlatform(text: string): Platform | null {
  const [os = "", named = "", variant] = text.toLowerCase().split("/", 3);
  const architecture = SAME[named] ?? named;
  if (!/^[a-z]+$/.test(os) || !/^[a-z0-9_]+$/.test(architecture)) return null;
  return { os, architecture, ...(variant && { variant }) };
}

/** Whether an answer is about that platform: an engine that does not know the parameter answers about another one. */
export function isOf({ Os, Architecture = "", Variant }: Inspected, asked: Platform): boolean {
  const usual = USUAL[asked.architecture];
  const variants = [asked.variant || usual, Variant || usual];
  return Os === asked.os && Architecture === asked.architecture && variants[0] === variants[1];
}
