/** A fake host behind `up`'s shell: it recognises our scripts and answers like a real host. */
import { sign } from "node:crypto";
import { Foreign, TetherdockError } from "../../../src/base/index.ts";
import {
  factsScript,
  type HostFacts,
  type HostShell,
  type ScriptResult,
  SERVER_CERTIFICATE,
  SERVER_KEY,
} from "../../../src/facts/index.ts";
import {
  confirmScript,
  settleScript,
  undoOwnScript,
  whileOpen,
} from "../../../src/host/journal/transaction.ts";
import { makeKeyPair } from "../../../src/pki/index.ts";
import { hostFacts } from "../host-facts.ts";
import { printFacts } from "./print-facts.ts";

/** The purpose of a script. `write` stands for every other change of a file. */
export type ScriptKind =
  | "facts"
  | "settle"
  | "sign"
  | "open"
  | "send"
  | "key"
  | "certificate"
  | "write"
  | "restart-docker"
  | "gateway"
  | "reach"
  | "confirm"
  | "undo"
  | "undo-all";

const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const MARKER = /'\\n(facts-\S+) %s\\n'/;

const isOneOf = (script: string, make: (number: number) => string) =>
  NUMBERS.some((number) => script === make(number));

function kindOf(script: string): ScriptKind {
  const marker = MARKER.exec(script)?.[1];
  if (marker !== undefined && script === factsScript(marker)) return "facts";
  if (isOneOf(script, settleScript)) return "settle";
  if (isOneOf(script, confirmScript)) return "confirm";
  if (isOneOf(script, undoOwnScript)) return "undo";
  if (script.includes("undo.sh down")) return "undo-all";
  if (script.includes("tetherdock-host-proof")) return "sign";
  if (script.includes('mkdir "$t/before"')) return "open";
  if (script.includes("/restarting; sync")) return "restart-docker";
  if (script.includes("/serving; sync")) return "gateway";
  if (script.includes(`-out ${SERVER_KEY}`)) return "key";
  if (script.includes(`${SERVER_CERTIFICATE}.tetherdock-new`)) return "certificate";
  if (script.startsWith(whileOpen(1, "").slice(0, 20))) return "write";
  return "reach";
}

/** Another way for a script to end. */
export type Ending = () => ScriptResult;

/** The script failed. */
export const failed =
  (status: number, stderr = ""): Ending =>
  () => ({ status, stdout: "", stderr: new Foreign(stderr) });

/** The connection broke before the answer came. */
export const lost: Ending = () => {
  throw new TetherdockError("HOST_CONNECTION_LOST", "the connection to the host was lost");
};

const said = (stdout: string): ScriptResult => ({ status: 0, stdout, stderr: new Foreign("") });

/** A root shell without a real host behind it. */
export class FakeHost implements HostShell {
  readonly arrivedAt = null;
  readonly #keys = makeKeyPair();
  /** What was run, in order. */
  readonly ran: ScriptKind[] = [];
  /** Scripts that end differently. */
  readonly endings: { [Kind in ScriptKind]?: Ending | undefined } = {};
  /** The facts that it reports. */
  state: HostFacts = hostFacts();
  /** The program in front of docker, for the error when nothing answers. */
  reach = "listening\n";
  /** The certificate it received. */
  certificate = "";
  isClosed = false;
  /** Called before each script. */
  onRun: (kind: ScriptKind) => void = () => {};

  get publicKey(): string {
    return this.#keys.publicKey;
  }

  async run(script: string): Promise<ScriptResult> {
    const kind = kindOf(script);
    this.ran.push(kind);
    this.onRun(kind);
    return this.endings[kind]?.() ?? said(this.#answer(kind, script));
  }

  async send(): Promise<ScriptResult> {
    this.ran.push("send");
    return this.endings.send?.() ?? said("");
  }

  atEnd(): void {}
  async close(): Promise<void> {
    this.isClosed = true;
  }

  #answer(kind: ScriptKind, script: string): string {
    switch (kind) {
      case "facts":
        return printFacts(this.state, MARKER.exec(script)?.[1] ?? "");
      case "sign":
        return this.#sign(script);
      case "key":
        return this.publicKey;
      case "certificate":
        this.certificate = /-----BEGIN[\s\S]*?-----END CERTIFICATE-----\n/.exec(script)?.[0] ?? "";
        return "";
      case "restart-docker":
        return "100.00\n101.50\n";
      case "reach":
        return this.reach;
      default:
        return "";
    }
  }

  #sign(script: string): string {
    const text = /printf '%s' '([^']+)'/.exec(script)?.[1] ?? "";
    return `ecdsa ${sign("sha256", Buffer.from(text), this.#keys.privateKey).toString("base64")}\n`;
  }
}
